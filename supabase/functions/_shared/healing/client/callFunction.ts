import type { Row, TableRef } from "../../connect/connector.ts";
import { toDbFailure } from "../../connect/toDbFailure.ts";
import { diagnose } from "../diagnosis/diagnose.ts";
import { policyFor } from "../diagnosis/policyFor.ts";
import { exactJson } from "../ledger/exactJson.ts";
import { LandingFailure } from "../landing/landInTransaction.ts";
import { openScope } from "../landing/route.ts";
import { runTransaction } from "../transaction/runTransaction.ts";
import type { HealingDeps } from "./healingDeps.ts";
import { payloadHash } from "./payloadHash.ts";
import type { DbResult, WriteOptions } from "./resilientDb.ts";
import { ResilientDbError } from "./resilientDbError.ts";
import { RetryWait } from "./retryWait.ts";
import { subjectOf } from "./statementShape.ts";

/**
 * Calls a function, again where the call left nothing, or under a key. A function is nothing that heals: what its arguments
 * mean is its own matter.
 */
export async function callFunction(
  deps: HealingDeps,
  fn: TableRef,
  args: Row,
  options: WriteOptions = {},
): Promise<DbResult<unknown>> {
  const startedAt = deps.clock.monotonic();
  const wait = new RetryWait(deps, options, subjectOf(fn));
  const snapshot = { tables: [], enums: [] };
  let hasRefreshed = false;
  for (let attempts = 1;; attempts++) {
    const outcome = options.idempotencyKey === undefined
      ? await deps.route.connector.rpc(fn, args)
      : await callOnce(deps, fn, args, options);
    const durationMs = deps.clock.monotonic() - startedAt;
    if (outcome.failure === undefined) {
      return { data: outcome.value ?? null, error: null, healing: [], attempts, durationMs };
    }
    const { failure } = outcome;
    const diagnosis = diagnose(failure, { operation: "rpc", table: fn, rows: [args], snapshot });
    const { action, maxTries } = policyFor(diagnosis);
    const mayRefresh: boolean = action === "refresh_and_retry" && !hasRefreshed;
    const mayWait = (action === "retry_transaction" || action === "delay_and_retry") && attempts < maxTries &&
      failure.kind !== "order";
    hasRefreshed ||= mayRefresh;
    if (mayRefresh || (mayWait && await wait.next(failure.code))) continue;
    const error = new ResilientDbError(failure, { diagnosis: diagnosis.kind });
    return { data: null, error, healing: [], attempts, durationMs };
  }
}

async function callOnce(deps: HealingDeps, fn: TableRef, args: Row, { idempotencyKey, signal }: WriteOptions) {
  const { database } = deps.route;
  if (database === undefined) {
    const message = "Cannot call a function under an idempotency key through PostgREST: it has no transactions";
    return {
      failure: { code: "INVALID_CALL", kind: "other", message, isOutcomeUnknown: false, cause: undefined },
    } as const;
  }
  try {
    const { result } = await runTransaction(database, async (sql) => {
      const outcome = await openScope(sql, deps.route).connector.rpc(fn, args);
      if (outcome.failure !== undefined) throw new LandingFailure(outcome.failure);
      return JSON.parse(exactJson(outcome.value ?? null)) as unknown;
    }, {
      idempotencyKey: idempotencyKey!,
      requestHash: await payloadHash({ operation: "select", table: fn, rows: [args] }),
      clock: deps.clock,
      random: deps.random,
      hub: deps.hub,
      knobs: deps.knobs,
      subject: subjectOf(fn),
      ...(signal === undefined ? {} : { signal }),
    });
    return { value: result };
  } catch (error) {
    return { failure: error instanceof LandingFailure ? error.failure : toDbFailure(error) };
  }
}
