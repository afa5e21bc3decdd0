import postgres from "postgres";
import { denoPlatform } from "../platform/denoPlatform.ts";
import type { Platform } from "../platform/platform.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { arrayTypes } from "./arrayTypes.ts";
import { type ConnectionSettings, readConnectionSettings } from "./connectionSettings.ts";
import { driverTypes } from "./driverTypes.ts";
import { heedDroppedRejection } from "./droppedRejection.ts";
import { IdleLanes } from "./idleLanes.ts";
import { Lane, type LaneHooks } from "./lane.ts";
import { LanePool } from "./lanePool.ts";
import { OpenSockets, refusedSocket, type ServerAddress } from "./openSocket.ts";

/** The isolate's connections. Opened at first use, closed when idle. */
export interface SqlClient {
  readonly pool: LanePool;
  /** Behind a transaction-mode pooler? */
  readonly isPooled: boolean;
  /** From now on a connection closes as soon as it is idle; work under way still gets one. */
  retire(): void;
  /** Closes every connection, after what is in flight has come back or `timeoutSeconds` have passed. */
  close(timeoutSeconds?: number): Promise<void>;
}

/** How connections are kept. */
export interface SqlClientOptions {
  /** @default 20 */
  idleTimeoutSeconds?: number;
  /** @default 10 */
  connectTimeoutSeconds?: number;
  /** A connection is replaced after this long: failovers and new passwords are noticed. @default 1_800_000 */
  maxLifetimeMs?: number;
  /** @default systemClock */
  clock?: Clock;
}

/** Makes a client; nothing is opened yet. */
export function createSqlClient(settings: ConnectionSettings, options: SqlClientOptions = {}): SqlClient {
  const {
    idleTimeoutSeconds = 20,
    connectTimeoutSeconds = 10,
    maxLifetimeMs = 1_800_000,
    clock = systemClock,
  } = options;
  const { url, isPooled, applicationName, poolSize } = settings;
  heedDroppedRejection();
  const sockets = new OpenSockets();
  const open = ({ onClose, refusal }: LaneHooks) => {
    const socket = (address: ServerAddress) => {
      const reason = refusal();
      return reason === undefined ? sockets.open(address) : refusedSocket(reason);
    };
    return postgres(url, {
      ...{ socket }, // Missing in the driver's types.
      max: 1,
      connect_timeout: connectTimeoutSeconds,
      max_lifetime: null, // The lane sees to it: the driver's own timer may refuse a statement that comes just then.
      prepare: !isPooled,
      types: { ...driverTypes, ...arrayTypes },
      connection: { application_name: applicationName },
      onnotice: () => {},
      onclose: onClose,
    }) as unknown as postgres.Sql;
  };
  const lanes = Array.from({ length: poolSize }, () => new Lane(open, clock, maxLifetimeMs));
  const pool = new LanePool(lanes, new IdleLanes(lanes, clock, idleTimeoutSeconds * 1_000), { isPooled });
  return {
    pool,
    isPooled,
    retire() {
      pool.isRetiring = true;
      pool.idle.stop();
      for (const lane of pool.lanes) if (lane.isIdle) lane.discard();
    },
    async close(timeoutSeconds = 5) {
      pool.idle.stop();
      await Promise.all(pool.lanes.map((lane) => lane.close(timeoutSeconds)));
      pool.idle.stop(); // What was in flight has come to rest meanwhile.
      await sockets.close();
    },
  };
}

let cached: SqlClient | undefined;

/** This isolate's client, made at first use. */
export function sqlClient(platform: Platform = denoPlatform): SqlClient {
  if (cached === undefined) {
    cached = createSqlClient(readConnectionSettings(platform));
    platform.onRetire(() => cached?.retire());
  }
  return cached;
}
