import type postgres from "postgres";
import type { Database, SqlTag } from "./database.ts";
import { cancelRunning, type DriverQuery, isRunning } from "./driverQuery.ts";
import type { Lane } from "./lane.ts";
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

async function runShared(
  client: SqlClient,
  statement: Statement,
  signal: AbortSignal | undefined,
): Promise<postgres.Row[]> {
  signal?.throwIfAborted();
  const granted = client.pool.acquire("shared", signal);
  const lane = granted instanceof Promise ? await granted : granted;
  return await sendShared(client, lane, driverQuery(lane.client, statement), signal);
}

/** Settles as `query` does and gives the lane back; rejects at once when the signal aborts, and then cleans up behind. */
function sendShared(
  client: SqlClient,
  lane: Lane,
  query: DriverQuery,
  signal: AbortSignal | undefined,
): Promise<postgres.Row[]> {
  return new Promise((resolve, reject) => {
    let cancelling: Promise<void> | undefined;
    const onAbort = () => {
      // Only a statement that is alone on its connection: a cancel request hits whatever runs when it arrives.
      if (lane.inFlight === 1 && isRunning(query)) cancelling = lane.cancelling = cancelRunning(query, lane.clock);
      reject(signal?.reason);
    };
    const giveBack = () => {
      lane.cancelling = undefined;
      client.pool.release(lane, "shared");
    };
    const leave = () => {
      signal?.removeEventListener("abort", onAbort);
      if (cancelling === undefined) client.pool.release(lane, "shared");
      else cancelling.then(giveBack);
    };
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted) onAbort();
    query.then((rows) => {
      lane.noteAnswer();
      leave();
      resolve(rows.slice());
    }, (error) => {
      leave();
      reject(error);
    });
  });
}
