import { join } from "node:path";
import process from "node:process";
import { bootstrap } from "../../local/database/bootstrap.ts";
import { connect } from "../../local/database/connect.ts";
import { withFileLock } from "../../local/database/fileLock.ts";
import { readPostmasterFile } from "../../local/database/postmasterFile.ts";
import { type PostgresServer, startPostgres } from "../../local/database/postgresServer.ts";
import { isAlive, signal, worksIn } from "../../local/database/processes.ts";
import { placeServer } from "../../local/database/serverPlace.ts";
import { superuserUrl } from "../../local/database/superuser.ts";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { onFreePort } from "./onFreePort.ts";
import { templateName } from "./templateDatabase.ts";
import { findTestFolder } from "./testFolder.ts";

/** The server that all test processes of this checkout share. */
export interface TestServer {
  /** The maintenance database as superuser: what `BALLAST_TEST_DB_URL` holds. */
  readonly url: string;
  /** Leaves the server at once, at the end of a process; whoever leaves last stops it. */
  leave(): void;
  /** Leaves the server and resolves when it is down, if we were the last. */
  stop(): Promise<void>;
}

interface TestFolders {
  readonly users: string;
  readonly lockFile: string;
  readonly data: string;
}

async function findFolders(): Promise<TestFolders> {
  const folder = await findTestFolder();
  return { users: join(folder, "users"), lockFile: join(folder, "server.lock"), data: join(folder, "data") };
}

async function findRunning(place: string): Promise<string | undefined> {
  const file = await readPostmasterFile(place);
  const isReady = file?.status === "ready" && await worksIn(file.pid, place);
  return isReady ? superuserUrl(file.port) : undefined;
}

/** Databases of runs that were killed, and templates of other migrations. Nobody uses the server yet. */
async function dropLeftovers(server: PostgresServer): Promise<void> {
  await using sql = connect(server.superuserUrl);
  const leftovers = await sql<{ name: string }[]>`
    select datname as name from pg_database
    where datname ~ '^ballast_(test|making|template)_' and datname <> ${await templateName()}`;
  for (const { name } of leftovers) {
    await sql`alter database ${sql(name)} with is_template false`;
    await sql`drop database ${sql(name)} with (force)`;
  }
}

async function startAnew(dataFolder: string): Promise<string> {
  const start = () => onFreePort((port) => startPostgres({ dataFolder, port, durability: "disposable" }));
  // Without fsync a power cut may have ruined the data; nobody misses them.
  const server = await start().catch(async () => {
    const place = await placeServer(dataFolder);
    await Deno.remove(place.dataFolder, { recursive: true }).catch(() => undefined);
    return await start();
  });
  await dropLeftovers(server);
  // Roles are the whole server's: made here, before tests that bootstrap databases of their own would collide over them.
  await bootstrap(server.superuserUrl);
  return server.superuserUrl;
}

/** Whether a process still uses the server. The files of killed ones go, before their ids are given out again. */
function hasUsers(folder: string): boolean {
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name);
  const dead = files.filter((name) => !isAlive(Number(name.split("-")[0])));
  for (const name of dead) Deno.removeSync(join(folder, name));
  return dead.length < files.length;
}

/** Returns whether we were the last and have asked the server to stop. */
function leave(folders: TestFolders, userFile: string, pid: number): boolean {
  const lock = Deno.openSync(folders.lockFile, { write: true, create: true });
  try {
    lock.lockSync(true);
    Deno.removeSync(userFile);
    const isLast = !hasUsers(folders.users) && isAlive(pid);
    if (isLast) signal(pid, Deno.build.os === "windows" ? "SIGKILL" : "SIGINT");
    return isLast;
  } finally {
    lock.close();
  }
}

/**
 * Joins the test server of this checkout, starting it where it does not run. Its data folder stays for the next run, so
 * that a warm start takes a fifth of a second and templates are kept.
 *
 * Who uses it is a file a process, not a lock held open: an open file would be a leak to the tests' sanitizers.
 */
export async function startTestServer(): Promise<TestServer> {
  const folders = await findFolders();
  await Deno.mkdir(folders.users, { recursive: true });
  return await withFileLock(folders.lockFile, async () => {
    const { dataFolder } = await placeServer(folders.data);
    const url = await findRunning(dataFolder) ?? await startAnew(folders.data);
    const pid = (await readPostmasterFile(dataFolder))!.pid;
    const userFile = join(folders.users, `${process.pid}-${crypto.randomUUID()}`);
    await Deno.writeTextFile(userFile, "");
    return {
      url,
      leave: () => void leave(folders, userFile, pid),
      async stop() {
        if (leave(folders, userFile, pid)) await waitUntil(() => !isAlive(pid), { timeoutMs: 10_000 });
      },
    };
  });
}
