import type postgres from "postgres";
import { type ConnectorSource, openConnector } from "../../connect/openConnector.ts";
import { laneRunner } from "../../connect/laneRunner.ts";
import { driverRunner } from "../../connect/driverRunner.ts";
import { postgresConnector } from "../../connect/postgresConnector.ts";
import { TableTypes } from "../../connect/tableTypes.ts";
import { adminDatabase } from "../../db/adminDatabase.ts";
import { parseConnectionUrl } from "../../db/connectionSettings.ts";
import type { Database } from "../../db/database.ts";
import { driverDatabase } from "../../db/driverDatabase.ts";
import { createSqlClient } from "../../db/sqlClient.ts";
import { databaseRoute } from "./databaseRoute.ts";
import type { WriteRoute } from "./route.ts";

/** Where writes go: whatever a developer has, or a database under a caller's claims. */
export type RouteSource = ConnectorSource | Database;

/** For sources that are connection strings. */
export interface RouteOptions {
  /** Connections held at once. @default 1 */
  poolSize?: number;
  /** @default "ballast/resilient-db" */
  applicationName?: string;
}

/** Opens the way of writes; nothing is connected before it is used. A client that is passed in stays its owner's to close. */
export function openRoute(source: RouteSource, options: RouteOptions = {}): WriteRoute {
  const { poolSize = 1, applicationName = "ballast/resilient-db" } = options;
  const types = new TableTypes();
  if (typeof source === "string") {
    const client = createSqlClient({ ...parseConnectionUrl(source), poolSize, applicationName });
    const connector = postgresConnector(laneRunner(client), { types });
    return { connector, database: adminDatabase(client), types, close: () => connector.close() };
  }
  if (isDatabase(source)) return databaseRoute(source);
  const connector = openConnector(source); // Refuses what is no client, with the reason.
  if (connector.kind === "postgrest") return { connector, database: undefined, types, close: () => connector.close() };
  const client = source as postgres.Sql;
  return {
    connector: postgresConnector(driverRunner(client), { types }),
    database: driverDatabase(client),
    types,
    close: () => Promise.resolve(),
  };
}

function isDatabase(source: unknown): source is Database {
  if (typeof source !== "object" || source === null) return false;
  const { sql, transaction } = source as Record<string, unknown>;
  return typeof sql === "function" && typeof transaction === "function";
}
