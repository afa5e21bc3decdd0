import type postgres from "postgres";
import type { Clock } from "../time/clock.ts";
import { sleep } from "../time/sleep.ts";

/** One statement on its way; sent when first awaited. */
export type DriverQuery = postgres.PendingQuery<postgres.Row[]>;

/**
 * The inside of a postgres.js query, as far as it is used here. This file is the only one that knows it, for the exact
 * version in the import map; `tests/integration/db*.test.ts` fail if a later one behaves otherwise.
 */
interface Inside {
  active: boolean;
  cancelled: unknown;
  describeFirst: boolean;
  prepared: boolean;
  options: { onexecute?: () => boolean };
  onlyDescribe: boolean;
  canceller: ((query: unknown) => Promise<void>) | null;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

const inside = (query: DriverQuery) => query as unknown as Inside;

/**
 * Lets `query` travel in one flight with `opening`, yet run only once `opening` has succeeded.
 *
 * Sent together, the server parses and describes `query`; the driver sends its parameters, which run it, when the
 * description is back. By then the answer to `opening` has been read, as answers come in order. The gate starts
 * closed: a query behind it stays a mere description unless `opening` succeeds and `mayRun` agrees. A plain pipeline
 * would not do: were `begin` to fail (a cancel request that comes late is enough), what follows would run outside any
 * transaction, with the rights of the pool instead of the caller's.
 */
export function runOnlyAfter(opening: DriverQuery, query: DriverQuery, mayRun: () => boolean): void {
  const first = inside(opening);
  const second = inside(query);
  second.onlyDescribe = true;
  const { resolve } = first;
  first.resolve = (result) => {
    if (mayRun()) second.onlyDescribe = false;
    resolve(result);
  };
}

/**
 * Stops the driver from sending `query` again by itself when its prepared plan has gone stale: by then a commit sent
 * behind it has ended the transaction, and the second run would have the rights of the pool. The error surfaces.
 */
export function neverSendTwice(query: DriverQuery, onStale: () => void): void {
  Object.defineProperty(query, "retried", {
    get: () => undefined,
    set: (error: unknown) => {
      const stale = inside(query);
      stale.cancelled = true; // The driver skips a cancelled query, and only now, as it was about to send it again.
      onStale();
      stale.reject(error);
    },
  });
}

/**
 * As above, for a statement that others may travel behind, once it has been sent. When the driver (3.4.9) prepares one
 * anew whose neighbours are under way, it mixes up whose answer is whose: one waits for ever, one is told that it has
 * landed and never ran. What it does not take for prepared any more is given its error. True: others may follow.
 */
export function leaveStale(query: DriverQuery): true {
  inside(query).prepared = false;
  return true;
}

/**
 * Keeps others from travelling behind `query` on its connection, which would be answered to strangers behind a
 * transaction-mode pooler.
 */
export function travelAlone(query: DriverQuery): DriverQuery {
  inside(query).options.onexecute = () => false;
  return query;
}

/** Is the server at work on `query` at this moment, as far as the driver knows? */
export function isRunning(query: DriverQuery): boolean {
  return inside(query).active;
}

/** Was `query` described and run, so that this connection has it prepared from now on? */
export function wasPrepared(query: DriverQuery): boolean {
  return inside(query).describeFirst === false;
}

/**
 * Cancels `query`, which must be running; resolves once it has come back, so that no request is still on its way then to
 * hit whoever uses the connection next.
 *
 * A request travels on a connection of its own and may arrive before the statement does: it is repeated until it has
 * hit. What is only being described yet is not run at all. The driver's own `cancel()` asks once, and drops its promise:
 * a request that cannot be delivered would end the isolate as an unhandled rejection.
 */
export async function cancelRunning(query: DriverQuery, clock: Clock): Promise<void> {
  const target = inside(query);
  const settled = query.then(() => {}, () => {});
  for (let waitMs = 20; target.active; waitMs = Math.min(2 * waitMs, 1_000)) {
    if (target.describeFirst) target.onlyDescribe = true;
    const waiting = new AbortController();
    try {
      await target.canceller?.(query);
    } catch {
      // Not delivered: the next one may be, or the statement runs to its end.
    }
    await Promise.race([settled, sleep(waitMs, { clock, signal: waiting.signal }).catch(() => {})]);
    waiting.abort();
  }
}
