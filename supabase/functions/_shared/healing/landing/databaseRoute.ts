import { postgresConnector } from "../../connect/postgresConnector.ts";
import { TableTypes } from "../../connect/tableTypes.ts";
import { tagRunner } from "../../connect/tagRunner.ts";
import type { Database } from "../../db/database.ts";
import type { WriteRoute } from "./route.ts";

/** The way of writes through a database that is open already, and stays its owner's to close. */
export function databaseRoute(database: Database): WriteRoute {
  const types = new TableTypes();
  const connector = postgresConnector(tagRunner(database.sql), { types });
  return { connector, database, types, close: () => Promise.resolve() };
}
