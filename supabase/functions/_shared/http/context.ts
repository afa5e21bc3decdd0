import type { CircuitRegistry } from "../breaker/circuitRegistry.ts";
import type { CallerCaches } from "../cache/caches.ts";
import type { Database } from "../db/database.ts";
import type { FlagReader } from "../flags/flagReader.ts";
import type { Stopwatch } from "../monitor/monitor.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Clock } from "../time/clock.ts";
import type { Random } from "../random/random.ts";
import type { Caller } from "./caller.ts";
import type { CallerDb } from "./callerDb.ts";
import type { Deadline } from "./deadline.ts";

/** What a use case gets besides its input. */
export interface RequestContext {
  /** Names this request in logs, in answers and in everything written on its behalf. */
  readonly requestId: string;
  /** The W3C trace this request belongs to. */
  readonly traceparent: string;
  readonly caller: Caller;
  /** The database under the caller's claims: row level security decides what is seen and changed, and writes heal. */
  readonly db: CallerDb;
  /** The database with all rights. Reading it throws unless the declaration says `admin: true`. */
  readonly admin: Database;
  readonly flags: FlagReader;
  /** Circuits before what the function depends on, shared by the fleet. */
  readonly breakers: CircuitRegistry;
  /** Measures and counts what the use case does; `ops-metrics` shows it. */
  readonly monitor: Stopwatch;
  /** What was cached for this caller, and what is declared to be the same for everybody. */
  readonly cache: CallerCaches;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Aborts at the deadline, and when the client goes away. */
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
  /** The `Idempotency-Key` of the request, where it carried one. */
  readonly idempotencyKey?: string | undefined;
  /** Stands for the secret key of a session without an account (`x-session-key`). Reading it throws where that cannot be one. */
  readonly sessionKey?: string | undefined;
  /** Where a reconnecting event stream left off. */
  readonly lastEventId?: string | undefined;
  /** Work that may finish after the answer has left. */
  waitUntil(work: Promise<unknown>): void;
}
