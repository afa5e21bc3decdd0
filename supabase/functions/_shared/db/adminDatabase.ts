import type { Database, SqlTag } from "./database.ts";
import { cancelRunning, isRunning } from "./driverQuery.ts";
import type { SqlClient } from "./sqlClient.ts";
import { driverQuery, type Statement, toStatement } from "./statement.ts";
import { unlessAborted } from "./unlessAborted.ts";
import { beginStatement, runWorkTransaction } from "./workTransaction.ts";

/** The database with all rights of the connection. A single statement goes straight there and back. */
export function adminDatabase(client: SqlClient, options: { signal?: AbortSignal } = {}): Database {
  const { signal } = options;
  return {
    sql: (async (strings, ...values) => await runShared(client, toStatement(strings, values), signal)) as SqlTag,
    transaction: async (work, kind) => await runWorkTransaction(client, beginStatement(kind), work, signal),
  };
}

async function runShared(client: SqlClient, statement: Statement, signal: AbortSignal | undefined) {
  signal?.throwIfAborted();
  const lane = await client.pool.acquire("shared", signal);
  const query = driverQuery(lane.client, statement);
  let cancelling: Promise<void> | undefined;
  const run = async () => {
    try {
      const rows = await query;
      lane.noteAnswer();
      return rows.slice();
    } finally {
      if (cancelling !== undefined) {
        await cancelling;
        lane.cancelling = undefined;
      }
      client.pool.release(lane, "shared");
    }
  };
  return await unlessAborted(run(), signal, () => {
    // Only a statement that is alone on its connection: a cancel request hits whatever runs when it arrives.
    if (lane.inFlight > 1 || !isRunning(query)) return;
    cancelling = lane.cancelling = cancelRunning(query, lane.clock);
  });
}
