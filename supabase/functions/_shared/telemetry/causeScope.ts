import { AsyncLocalStorage } from "node:async_hooks";

/** On whose behalf code runs. */
export interface CauseScope {
  /** The request, or the run of a job. */
  readonly requestId: string;
  /** The function that was called. */
  readonly functionName: string;
  /** When it began, by the wall clock. @default nobody has said so */
  readonly startedAtMs?: number;
  /** The caller's span, as its `traceparent` names it. @default none: a trace begins here */
  readonly callerSpan?: string | undefined;
}

const scopes = new AsyncLocalStorage<CauseScope>();

/**
 * Runs `work`, and all that it begins, on behalf of a request: what the kernel tells of it carries the request's id,
 * however many layers lie between.
 *
 * @example
 * ```ts
 * const answer = await causedBy({ requestId, functionName: "orders" }, () => takeOrder(input));
 * ```
 */
export function causedBy<Result>(scope: CauseScope, work: () => Result): Result {
  return scopes.run(scope, work);
}

/** On whose behalf the present code runs; undefined where nobody has said so. */
export function currentCause(): CauseScope | undefined {
  return scopes.getStore();
}

/**
 * The same work, on behalf of whoever asks for it now: a timer that many share runs its callbacks on behalf of whoever set
 * it, which is somebody else's request.
 */
export function keepCause(work: () => void): () => void {
  const scope = scopes.getStore();
  return scope === undefined ? work : () => scopes.run(scope, work);
}
