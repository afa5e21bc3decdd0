import type postgres from "postgres";
import { parseConnectionUrl } from "../db/connectionSettings.ts";
import { createSqlClient } from "../db/sqlClient.ts";
import type { Connector } from "./connector.ts";
import { driverRunner } from "./driverRunner.ts";
import { laneRunner } from "./laneRunner.ts";
import { postgresConnector } from "./postgresConnector.ts";
import { supabaseConnector, type SupabaseLike } from "./supabaseConnector.ts";

/** A way to a database: a supabase-js client, a postgres.js client, or a connection string. */
export type ConnectorSource = SupabaseLike | postgres.Sql | string;

/** For sources that are connection strings. */
export interface OpenConnectorOptions {
  /** Connections held at once. @default 1 */
  poolSize?: number;
  /** @default "ballast/connector" */
  applicationName?: string;
}

/**
 * Makes a connector of whatever a developer has. A client stays its owner's: it is used as it is and not closed. For a
 * connection string a client is made, which `close` ends; a pooler is told by its port or its hint.
 */
export function openConnector(source: ConnectorSource, options: OpenConnectorOptions = {}): Connector {
  const { poolSize = 1, applicationName = "ballast/connector" } = options;
  if (typeof source === "string") {
    const client = createSqlClient({ ...parseConnectionUrl(source), poolSize, applicationName });
    return postgresConnector(laneRunner(client));
  }
  if (isDriverClient(source)) {
    refuseRenaming(source);
    return postgresConnector(driverRunner(source));
  }
  if (isSupabaseClient(source)) return supabaseConnector(source);
  throw new TypeError(
    "Cannot open a connector as the source must be a supabase-js client, a postgres.js client or a connection string: " +
      `got ${source === null ? "null" : typeof source}`,
  );
}

/** Told by its shape: a copy of the package elsewhere makes other classes. */
function isDriverClient(source: unknown): source is postgres.Sql {
  const { unsafe, typed } = (source ?? {}) as Record<string, unknown>;
  return typeof source === "function" && typeof unsafe === "function" && typeof typed === "function";
}

function isSupabaseClient(source: unknown): source is SupabaseLike {
  if (typeof source !== "object" || source === null) return false;
  const { from, rpc, schema } = source as Record<string, unknown>;
  return [from, rpc, schema].every((method) => typeof method === "function");
}

/** Rows would come back under other names than they were sent, and what heals would heal that. */
function refuseRenaming(client: postgres.Sql): void {
  const { options } = client as unknown as { options?: { transform?: { column?: { from?: unknown } } } };
  if (options?.transform?.column?.from === undefined) return;
  throw new TypeError("Cannot open a connector as the postgres.js client renames columns: see its 'transform.column'");
}
