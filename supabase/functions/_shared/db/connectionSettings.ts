import type { Platform } from "../platform/platform.ts";
import { currentIsolate } from "../platform/isolate.ts";
import { readSupabaseEnv } from "../platform/supabaseEnv.ts";

/** How this isolate reaches its database. */
export interface ConnectionSettings {
  /** The connection string, without the hints that are meant for clients and unknown to the server. */
  readonly url: string;
  /** Does a transaction-mode pooler stand between? Then nothing outlives a transaction: no prepared statements. */
  readonly isPooled: boolean;
  /** Connections this isolate may hold at once. */
  readonly poolSize: number;
  readonly applicationName: string;
}

const clientHints = ["pgbouncer", "connection_limit", "pool_timeout", "schema"];
const transactionPoolerPort = "6543";
const longestName = 63;

/** Reads the settings from the environment: `BALLAST_DB_URL` or `SUPABASE_DB_URL`, and `BALLAST_DB_POOL`. */
export function readConnectionSettings(platform: Platform): ConnectionSettings {
  const poolSize = platform.env("BALLAST_DB_POOL") ?? "1";
  if (!/^[1-9]\d{0,2}$/.test(poolSize)) {
    throw new Error(`Cannot size the pool as 'BALLAST_DB_POOL' must be from 1 to 999: got "${poolSize}"`);
  }
  return {
    ...parseConnectionUrl(readSupabaseEnv(platform).dbUrl),
    poolSize: Number(poolSize),
    applicationName: `ballast/${currentIsolate(platform).id}`.slice(0, longestName),
  };
}

/** Tells a transaction-mode pooler by its port or its hint, and strips the hints. */
export function parseConnectionUrl(text: string): Pick<ConnectionSettings, "url" | "isPooled"> {
  if (!URL.canParse(text)) {
    throw new Error("Cannot connect to the database as its connection string is not a URL: see BALLAST_DB_URL"); // never shown: it holds a password
  }
  const url = new URL(text);
  const isPooled = url.port === transactionPoolerPort || url.searchParams.get("pgbouncer") === "true";
  for (const hint of clientHints) url.searchParams.delete(hint);
  return { url: url.href, isPooled };
}
