import type postgres from "postgres";
import { adminDatabase } from "../db/adminDatabase.ts";
import { parseConnectionUrl } from "../db/connectionSettings.ts";
import type { Database } from "../db/database.ts";
import { driverDatabase } from "../db/driverDatabase.ts";
import { createSqlClient } from "../db/sqlClient.ts";

/** Where measurements go: a connection string, a client of postgres.js, or a database; the last two stay their owner's to close. */
export type MonitorSource = string | postgres.Sql | Database;

/** A source, opened; nothing is connected before it is used. */
export interface OpenMonitorSource {
  open(signal?: AbortSignal): Database;
  close(): Promise<void>;
}

/** Opens a source. */
export function openMonitorSource(source: MonitorSource): OpenMonitorSource {
  if (typeof source === "string") {
    const client = createSqlClient({ ...parseConnectionUrl(source), poolSize: 1, applicationName: "ballast/monitor" });
    return {
      open: (signal) => adminDatabase(client, signal === undefined ? {} : { signal }),
      close: () => client.close(),
    };
  }
  if (typeof source === "function" && "unsafe" in source) return owned(driverDatabase(source));
  if (isDatabase(source)) return owned(source);
  throw new TypeError(
    "Cannot open the monitor as the source must be a connection string, a postgres.js client or a database: " +
      `got ${source === null ? "null" : typeof source}`,
  );
}

function owned(database: Database): OpenMonitorSource {
  return { open: () => database, close: () => Promise.resolve() };
}

function isDatabase(source: unknown): source is Database {
  const { sql, transaction } = (source ?? {}) as Record<string, unknown>;
  return typeof sql === "function" && typeof transaction === "function";
}
