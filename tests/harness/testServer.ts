import { join } from "node:path";
import process from "node:process";
import { connect } from "../../local/database/connect.ts";
import { freePort } from "../../local/database/freePort.ts";
import { withFileLock } from "../../local/database/fileLock.ts";
import { readPostmasterFile } from "../../local/database/postmasterFile.ts";
import { type PostgresServer, startPostgres } from "../../local/database/postgresServer.ts";
import { isAlive, worksIn } from "../../local/database/processes.ts";
import { placeServer } from "../../local/database/serverPlace.ts";
import { superuserUrl } from "../../local/database/superuser.ts";
import { projectFolder } from "./projectFolder.ts";

/** The server that all test processes of this checkout share. Disposing leaves it; whoever leaves last stops it. */
export interface TestServer extends AsyncDisposable {
  /** The maintenance database as superuser: what `BALLAST_TEST_DB_URL` holds. */
  readonly url: string;
  /** Leaves without waiting, for the end of a process. */
  leave(): void;
}

const folder = join(projectFolder, ".ballast", "test");
const usersFolder = join(folder, "users");
const lockFile = join(folder, "server.lock");
const dataFolder = join(folder, "data");

async function findRunning(place: string): Promise<string | undefined> {
  const file = await readPostmasterFile(place);
  const isReady = file?.status === "ready" && await worksIn(file.pid, place);
  return isReady ? superuserUrl(file.port) : undefined;
}

/** Databases of runs that were killed, and templates of other days. */
async function dropLeftovers(server: PostgresServer): Promise<void> {
  await using sql = connect(server.superuserUrl);
  const leftovers = await sql<{ datname: string }[]>`
    select datname from pg_database where datname like 'ballast\\_test\\_%' or datname like 'ballast\\_making\\_%'`;
  for (const { datname } of leftovers) await sql`drop database ${sql(datname)} with (force)`;
}

async function startAnew(): Promise<string> {
  const start = () => startPostgres({ dataFolder, port: freePort(), durability: "disposable" });
  // Without fsync a power cut may have ruined the data; nobody misses them.
  const server = await start().catch(async () => {
    const place = await placeServer(dataFolder);
    await Deno.remove(place.dataFolder, { recursive: true }).catch(() => undefined);
    return await start();
  });
  await dropLeftovers(server);
  return server.superuserUrl;
}

function hasUsers(): boolean {
  const users = [...Deno.readDirSync(usersFolder)].map(({ name }) => name);
  return users.some((name) => isAlive(Number(name.split("-")[0])));
}

function leave(userFile: string, pid: number): void {
  const lock = Deno.openSync(lockFile, { write: true, create: true });
  try {
    lock.lockSync(true);
    Deno.removeSync(userFile);
    if (!hasUsers() && isAlive(pid)) Deno.kill(pid, Deno.build.os === "windows" ? "SIGKILL" : "SIGINT");
  } finally {
    lock.close();
  }
}

/**
 * Joins the test server of this checkout, starting it where it does not run. Its data folder stays for the next run, so
 * that a warm start takes a tenth of a second and templates are kept.
 *
 * Who uses it is a file a process, not a lock held open: an open file would be a leak to the tests' sanitizers.
 */
export async function startTestServer(): Promise<TestServer> {
  await Deno.mkdir(usersFolder, { recursive: true });
  return await withFileLock(lockFile, async () => {
    const { dataFolder: place } = await placeServer(dataFolder);
    const url = await findRunning(place) ?? await startAnew();
    const pid = (await readPostmasterFile(place))!.pid;
    const userFile = join(usersFolder, `${process.pid}-${crypto.randomUUID()}`);
    await Deno.writeTextFile(userFile, "");
    return {
      url,
      leave: () => leave(userFile, pid),
      [Symbol.asyncDispose]: () => Promise.resolve(leave(userFile, pid)),
    };
  });
}
