import type { CircuitRegistry } from "../breaker/circuitRegistry.ts";
import type { CallerCaches } from "../cache/caches.ts";
import type { Database } from "../db/database.ts";
import type { FlagReader } from "../flags/flagReader.ts";
import type { Stopwatch } from "../monitor/monitor.ts";
import type { Random } from "../random/random.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Clock } from "../time/clock.ts";
import type { Caller } from "./caller.ts";
import { type CallerDb, callerDb } from "./callerDb.ts";
import type { RequestContext } from "./context.ts";
import type { Deadline } from "./deadline.ts";
import type { KernelServices } from "./services.ts";
import { readSessionKey } from "./sessionKey.ts";
import type { TraceContext } from "./traceContext.ts";

/** What a {@link KernelContext} is made of. */
export interface KernelContextParts {
  readonly services: KernelServices;
  /** The function's name, for its log lines. */
  readonly functionName: string;
  /** May the use case read `admin`? */
  readonly isAdminDeclared: boolean;
  readonly request: Request;
  readonly trace: TraceContext;
  readonly caller: Caller;
  readonly deadline: Deadline;
}

/** The context of one request. What is not always needed is made, or read off the request, when it is asked for. */
export class KernelContext implements RequestContext {
  readonly requestId: string;
  readonly caller: Caller;
  readonly clock: Clock;
  readonly random: Random;
  readonly deadline: Deadline;
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly #parts: KernelContextParts;
  #db: CallerDb | undefined;
  #sessionKey: string | undefined;
  #admin: Database | undefined;
  #flags: FlagReader | undefined;
  #cache: CallerCaches | undefined;
  #log: Logger | undefined;

  constructor(parts: KernelContextParts) {
    const { services } = parts;
    this.#parts = parts;
    this.requestId = parts.trace.requestId;
    this.caller = parts.caller;
    this.clock = services.clock;
    this.random = services.random;
    this.deadline = parts.deadline;
    this.waitUntil = (work) => services.platform.waitUntil(work);
  }

  get traceparent(): string {
    return this.#parts.trace.traceparent;
  }

  get idempotencyKey(): string | undefined {
    return this.#parts.request.headers.get("idempotency-key") ?? undefined;
  }

  get lastEventId(): string | undefined {
    const id = this.#parts.request.headers.get("last-event-id");
    return id !== null && id.length <= 1_024 ? id : undefined;
  }

  get signal(): AbortSignal {
    return this.deadline.signal;
  }

  get sessionKey(): string | undefined {
    return this.#sessionKey ??= readSessionKey(this.#parts.request.headers);
  }

  get db(): CallerDb {
    const { services } = this.#parts;
    return this.#db ??= callerDb(services.databaseFor(this.caller, this.signal), services.healing, {
      caller: this.caller,
      deadline: this.deadline,
      signal: this.signal,
      requestId: this.requestId,
    });
  }

  get admin(): Database {
    const { functionName, isAdminDeclared, services } = this.#parts;
    if (!isAdminDeclared) {
      throw new Error(`Cannot use the database with all rights as '${functionName}' does not declare 'admin: true'`);
    }
    return this.#admin ??= services.admin(this.signal);
  }

  get flags(): FlagReader {
    return this.#flags ??= this.#parts.services.flagsFor(this.caller);
  }

  get breakers(): CircuitRegistry {
    return this.#parts.services.breakers;
  }

  get monitor(): Stopwatch {
    return this.#parts.services.monitor;
  }

  get cache(): CallerCaches {
    return this.#cache ??= this.#parts.services.cachesFor(this.caller);
  }

  get log(): Logger {
    const { functionName, services } = this.#parts;
    return this.#log ??= services.log.with({ function: functionName, requestId: this.requestId });
  }
}
