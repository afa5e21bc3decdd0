import type postgres from "postgres";
import type { Database, SqlTag } from "./database.ts";
import { sendOnLane } from "./sendOnLane.ts";
import type { SqlClient } from "./sqlClient.ts";
import { driverQuery, type Statement, toStatement } from "./statement.ts";
import { beginStatement, runWorkTransaction } from "./workTransaction.ts";

/** The database with all rights of the connection. A single statement goes straight there and back. */
export function adminDatabase(client: SqlClient, options: { signal?: AbortSignal } = {}): Database {
  const { signal } = options;
  const sql = (async (strings, ...values) => await run(client, toStatement(strings, values), signal)) as SqlTag;
  return {
    sql,
    call: sql,
    transaction: async (work, kind) => await runWorkTransaction(client, beginStatement(kind), work, signal),
  };
}

async function run(
  client: SqlClient,
  statement: Statement,
  signal: AbortSignal | undefined,
): Promise<postgres.Row[]> {
  return (await sendOnLane(client, "shared", (sql) => driverQuery(sql, statement), signal)).slice();
}
