import { join } from "node:path";
import { isPortFree } from "./freePort.ts";
import { initCluster } from "./initCluster.ts";
import { readPostmasterFile } from "./postmasterFile.ts";
import { isAlive } from "./processes.ts";
import { runAs } from "./runAs.ts";
import { placeServer, type ServerPlace } from "./serverPlace.ts";
import { type Durability, serverSettings } from "./serverSettings.ts";
import { stopPostmaster } from "./stopPostmaster.ts";
import { ownerUrl, superuserUrl } from "./superuser.ts";

/** A running Postgres server on this machine. */
export interface PostgresServer {
  readonly port: number;
  readonly pid: number;
  readonly dataFolder: string;
  /** The maintenance database as superuser. */
  readonly superuserUrl: string;
  /** The maintenance database as `postgres`; usable once the bootstrap has made that role. */
  readonly ownerUrl: string;
  isRunning(): boolean;
  /** Fast shutdown: open transactions are rolled back, what was committed is on disk. */
  stop(): Promise<void>;
}

/** Options of {@link startPostgres}. */
export interface PostgresOptions {
  /** Kept over restarts; made where missing. Moved where the server's user cannot reach it, see `dataFolder`. */
  dataFolder: string;
  port: number;
  /** @default "durable" */
  durability?: Durability;
  /** Hears what takes time. @default nobody */
  onProgress?: (message: string) => void;
}

const majorVersion = "17";

async function readVersion(dataFolder: string): Promise<string | undefined> {
  try {
    return (await Deno.readTextFile(join(dataFolder, "PG_VERSION"))).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function lastLines(file: string, count: number): Promise<string> {
  const text = await Deno.readTextFile(file).catch(() => "");
  return text.trim().split("\n").slice(-count).join("\n");
}

async function launch(place: ServerPlace, port: number): Promise<void> {
  const logFile = join(place.dataFolder, "server.log");
  const args = ["start", "--wait", "--timeout=60", "--silent", `--pgdata=${place.dataFolder}`, `--log=${logFile}`];
  await Deno.remove(logFile).catch(() => undefined);
  const result = await runAs(place.user, place.binaries.pgCtl, args, { cwd: place.dataFolder });
  if (!result.isSuccess) {
    const why = `Cannot start Postgres: ${result.output}\n${await lastLines(logFile, 12)}`;
    throw isPortFree(port) ? new Error(why) : new Deno.errors.AddrInUse(why);
  }
}

/**
 * Starts the server of a data folder, after making the folder or recovering from whatever happened to the last server:
 * an orphan still running is stopped, a stale pid file removed.
 *
 * The server is started by pg_ctl, so it is not our child: Ctrl-C in the terminal does not reach it before we have
 * drained what uses it, and its log is a file, not a pipe that dies with us.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { port, durability = "durable", onProgress = () => {} } = options;
  const place = await placeServer(options.dataFolder);
  const { dataFolder } = place;
  const version = await readVersion(dataFolder);
  if (version === undefined) {
    onProgress("Creating the database");
    await initCluster(place);
  } else if (version !== majorVersion) {
    throw new Error(
      `Cannot use the data in '${dataFolder}' as it is of Postgres ${version}: this is Postgres ${majorVersion}, ` +
        "start over with '--fresh'",
    );
  } else if (await stopPostmaster(dataFolder)) {
    onProgress("Stopped a database server that an earlier start left running");
  }
  await Deno.writeTextFile(join(dataFolder, "ballast.conf"), serverSettings({ port, durability }));
  await launch(place, port);
  const pid = (await readPostmasterFile(dataFolder))?.pid;
  if (pid === undefined) throw new Error(`Cannot start Postgres: it stopped at once, see '${dataFolder}/server.log'`);
  return {
    port,
    pid,
    dataFolder,
    superuserUrl: superuserUrl(port),
    ownerUrl: ownerUrl(port),
    isRunning: () => isAlive(pid),
    stop: async () => void await stopPostmaster(dataFolder),
  };
}
