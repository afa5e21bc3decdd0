import { basename, join } from "node:path";
import { bootstrap } from "../database/bootstrap.ts";
import { connect } from "../database/connect.ts";
import { migrate } from "../database/migrate.ts";
import { type PostgresServer, startPostgres } from "../database/postgresServer.ts";
import { seed } from "../database/seed.ts";
import { placeServer } from "../database/serverPlace.ts";
import { stopPostmaster } from "../database/stopPostmaster.ts";
import { seedMarket, smallDemo } from "../demo/seedMarket.ts";
import { choosePort } from "./choosePort.ts";
import type { Closers } from "./closers.ts";
import type { StartOptions } from "./startOptions.ts";
import { watchServer } from "./watchServer.ts";

/** Options of {@link startDatabase}. */
export interface DatabaseOptions {
  readonly start: StartOptions;
  readonly home: string;
  /** The checkout's `supabase` folder. */
  readonly supabaseFolder: string;
  readonly closers: Closers;
  readonly onProgress: (message: string) => void;
}

async function startEmbedded(options: DatabaseOptions): Promise<PostgresServer> {
  const { start, home, closers, onProgress } = options;
  const dataFolder = join(home, "data");
  const { dataFolder: place } = await placeServer(dataFolder);
  // An orphan of a killed stack may hold the port we want.
  if (await stopPostmaster(place)) onProgress("Stopped the database server of a stack that was killed");
  if (start.isFresh) {
    onProgress("Wiping the database");
    await Deno.remove(place, { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
  const port = await choosePort(start.dbPort, { flag: "--db-port", purpose: "Postgres" });
  const settings = { dataFolder, port, onProgress };
  onProgress(`Starting Postgres on port ${port}`);
  const server = await startPostgres(settings);
  closers.add(watchServer(server, { restart: () => startPostgres(settings), onProgress }));
  return server;
}

/** Brings the database up, complete with migrations and demo data. Returns the address functions connect to. */
export async function startDatabase(options: DatabaseOptions): Promise<string> {
  const { start, supabaseFolder, onProgress } = options;
  const server = start.dbUrl === undefined ? await startEmbedded(options) : undefined;
  const dbUrl = server?.ownerUrl ?? start.dbUrl!;
  await bootstrap(server?.superuserUrl ?? dbUrl).catch((cause) => {
    if (start.dbUrl === undefined || cause.code === undefined) throw cause;
    throw new Error(`Cannot use the database of '--db-url': ${cause.message} (${cause.code})`, { cause });
  });
  await migrate({
    url: dbUrl,
    folder: join(supabaseFolder, "migrations"),
    onMigration: (fileName) => onProgress(`Applying ${fileName}`),
    onChanged: (fileName) =>
      onProgress(
        `${fileName} has changed since it was applied: migrations go forward only, or start over with --fresh`,
      ),
  });
  const seedFile = join(supabaseFolder, "seed.sql");
  if (!start.isSeeded || !await seed({ url: dbUrl, file: seedFile })) return dbUrl;
  onProgress(`Applied ${basename(seedFile)}`);
  if (server === undefined) return dbUrl; // A database of the developer's own gets no market by surprise.
  await using sql = connect(dbUrl, { max: 2 });
  const { catalog, interactions } = await seedMarket(sql, smallDemo);
  onProgress(`Opened a demo market: ${catalog.products.length} products, ${interactions} interactions`);
  return dbUrl;
}
