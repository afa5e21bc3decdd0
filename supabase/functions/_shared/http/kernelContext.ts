import type { Database } from "../db/database.ts";
import type { FlagReader } from "../flags/flagReader.ts";
import type { Random } from "../random/random.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Clock } from "../time/clock.ts";
import type { Caller } from "./caller.ts";
import type { RequestContext } from "./context.ts";
import type { Deadline } from "./deadline.ts";
import type { KernelServices } from "./services.ts";
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

/** The context of one request. Databases, flags and the logger are made when they are first read. */
export class KernelContext implements RequestContext {
  readonly requestId: string;
  readonly traceparent: string;
  readonly caller: Caller;
  readonly clock: Clock;
  readonly random: Random;
  readonly deadline: Deadline;
  readonly idempotencyKey?: string;
  readonly lastEventId?: string;
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly #parts: KernelContextParts;
  #db: Database | undefined;
  #admin: Database | undefined;
  #flags: FlagReader | undefined;
  #log: Logger | undefined;

  constructor(parts: KernelContextParts) {
    const { services, request, trace } = parts;
    this.#parts = parts;
    this.requestId = trace.requestId;
    this.traceparent = trace.traceparent;
    this.caller = parts.caller;
    this.clock = services.clock;
    this.random = services.random;
    this.deadline = parts.deadline;
    this.waitUntil = (work) => services.platform.waitUntil(work);
    const idempotencyKey = request.headers.get("idempotency-key");
    if (idempotencyKey !== null) this.idempotencyKey = idempotencyKey;
    const lastEventId = request.headers.get("last-event-id");
    if (lastEventId !== null && lastEventId.length <= 1_024) this.lastEventId = lastEventId;
  }

  get signal(): AbortSignal {
    return this.deadline.signal;
  }

  get db(): Database {
    return this.#db ??= this.#parts.services.databaseFor(this.caller, this.signal);
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

  get log(): Logger {
    const { functionName, services } = this.#parts;
    return this.#log ??= services.log.with({ function: functionName, requestId: this.requestId });
  }
}
