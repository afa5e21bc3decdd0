import type { Database, SqlTag } from "./database.ts";
import { cancelRunning, type DriverQuery, isRunning } from "./driverQuery.ts";
import { unlessAborted } from "./ownTransaction.ts";
import type { SqlClient } from "./sqlClient.ts";
import { driverQuery, type Statement, toStatement } from "./statement.ts";
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
  const run = async () => {
    let cancelling: Promise<void> | undefined;
    let query: DriverQuery | undefined;
    const onAbort = () => {
      // Only a statement that is alone on its connection: a cancel request hits whatever runs when it arrives.
      if (query === undefined || lane.inFlight > 1 || !isRunning(query)) return;
      lane.isHeld = true;
      cancelling = cancelRunning(query);
    };
    try {
      query = driverQuery(lane.client, statement);
      signal?.addEventListener("abort", onAbort, { once: true });
      return (await query).slice();
    } finally {
      signal?.removeEventListener("abort", onAbort);
      if (cancelling !== undefined) {
        await cancelling;
        lane.isHeld = false;
      }
      client.pool.release(lane, "shared");
    }
  };
  return await unlessAborted(run(), signal);
}
