import type postgres from "postgres";
import { cancelRunning, type DriverQuery, isRunning } from "./driverQuery.ts";
import type { Lane } from "./lane.ts";
import type { LaneUse } from "./lanePool.ts";
import { isServerError } from "./sqlState.ts";
import type { SqlClient } from "./sqlClient.ts";

/** What the driver gives back for a query. */
export type DriverResult = Awaited<DriverQuery>;

/** Sends what leaves no state behind: on a lane of its own, or behind others on one that is shared. */
export async function sendOnLane(
  client: SqlClient,
  use: LaneUse,
  make: (sql: postgres.Sql) => DriverQuery,
  signal: AbortSignal | undefined,
): Promise<DriverResult> {
  signal?.throwIfAborted();
  const granted = client.pool.acquire(use, signal);
  const lane = granted instanceof Promise ? await granted : granted;
  const sql = lane.client;
  return await settle(lane, make(sql), signal, (error) => {
    if (error !== undefined && !isServerError(error)) lane.spoil(sql);
    client.pool.release(lane, use);
  });
}

/** Settles as `query` does and gives the lane back; rejects at once when the signal aborts, and then cleans up behind. */
function settle(
  lane: Lane,
  query: DriverQuery,
  signal: AbortSignal | undefined,
  release: (error?: unknown) => void,
): Promise<DriverResult> {
  return new Promise((resolve, reject) => {
    let cancelling: Promise<void> | undefined;
    const onAbort = () => {
      // Only a statement that is alone on its connection: a cancel request hits whatever runs when it arrives.
      const isAlone = lane.isHeld || lane.inFlight === 1;
      if (isAlone && isRunning(query)) cancelling = lane.cancelling = cancelRunning(query, lane.clock);
      reject(signal?.reason);
    };
    const leave = (error?: unknown) => {
      signal?.removeEventListener("abort", onAbort);
      if (cancelling === undefined) return release(error);
      cancelling.then(() => {
        lane.cancelling = undefined;
        release(error);
      });
    };
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted) onAbort();
    query.then((result) => {
      lane.noteAnswer();
      leave();
      resolve(result);
    }, (error) => {
      leave(error);
      reject(error);
    });
  });
}
