import type { Database, SqlTag } from "../../db/database.ts";
import { sqlStateOf } from "../../db/sqlState.ts";
import { AppError } from "../../errors/appError.ts";
import { isolateHub } from "../../telemetry/kernelHub.ts";
import type { TransactionKey } from "../ledger/transactionLog.ts";
import { retryPolicyFor } from "../retry/retryPolicyFor.ts";
import { retryWhile } from "../retry/retryWhile.ts";
import { tellRetry } from "../retry/tellRetry.ts";
import type { CommitWitness } from "./commitWitness.ts";
import { standsInLine } from "./deadlockQueue.ts";
import { OutcomeUnknownError } from "./outcomeUnknownError.ts";
import { settleCommit } from "./settleCommit.ts";
import type { RunTransactionOptions, TransactionEvent, TransactionOutcome } from "./transactionOptions.ts";
import { type TryState, tryTransaction } from "./transactionTry.ts";

/**
 * Runs `work` in a transaction, as a whole again after deadlocks, serialization failures, held locks and lost
 * connections. When the connection goes during commit, Postgres is asked what became of it; where it cannot tell and
 * there is no key, an {@link OutcomeUnknownError} says so. Statements are cancelled by the signal the database was made
 * with; the one given here ends waits, and tries before they commit.
 *
 * @example
 * ```ts
 * const { result } = await runTransaction(database, async (sql) => {
 *   await sql`update accounts set balance = balance - ${10} where id = ${from}`;
 *   await sql`update accounts set balance = balance + ${10} where id = ${to}`;
 * }, { idempotencyKey: transferId });
 * ```
 */
export async function runTransaction<Result>(
  database: Database,
  work: (sql: SqlTag) => Promise<Result>,
  options: RunTransactionOptions = {},
): Promise<TransactionOutcome<Result>> {
  const { idempotencyKey, scope = "transaction", isolation, isReadOnly, maxAttempts, signal } = options;
  const { hub = isolateHub, subject = scope } = options;
  const key = idempotencyKey === undefined ? undefined : checkedKey(scope, idempotencyKey);
  const kind = { ...(isolation && { isolation }), ...(isReadOnly && { isReadOnly }) };
  /** A try that may have landed; the claim of a later one tells. */
  let doubtful: CommitWitness | undefined;
  let isInLine = false;

  const run = async (attempts: number): Promise<TransactionOutcome<Result>> => {
    let state: TryState<Result> = { kind: "working", hasClaimed: false };
    const reach = (next: TryState<Result>) => {
      state = next;
      if (next.kind === "working" && next.hasClaimed) doubtful = undefined;
    };
    let failure: unknown;
    try {
      await database.transaction((sql) => tryTransaction(sql, work, key, { ...options, isInLine }, reach), kind);
    } catch (error) {
      failure = error;
      const reached = state as TryState<Result>;
      if (reached.kind === "working" || (reached.kind === "committing" && isRefusal(error, signal))) throw error;
      if (reached.kind === "committing") {
        const fate = await settleCommit(database, reached.witness, { ...options, cause: error });
        notify(options, { kind: "settled", fate, xid: reached.witness.xid });
        if (fate === "doubtful") doubtful = reached.witness;
        if (fate !== "landed") throw error;
      }
    }
    const ended = state as TryState<Result>;
    if (ended.kind === "working") throw failure;
    return { result: ended.result, isReplay: ended.kind === "landed_before", attempts };
  };

  try {
    return await retryWhile(run, {
      ...options,
      policyOf(error) {
        if (doubtful !== undefined && key === undefined) return undefined;
        const policy = retryPolicyFor(sqlStateOf(error), options.knobs);
        // A lost connection is settled here: before commit it left nothing, after it Postgres was asked or there is a key.
        return policy.when === "never" ? undefined : { ...policy, maxAttempts: maxAttempts ?? policy.maxAttempts };
      },
      onRetry: (error, attempt, waitMs) => {
        const code = sqlStateOf(error);
        isInLine = standsInLine(code, options);
        tellRetry(hub, { subject, code, attempt, waitMs });
        options.onEvent?.({ kind: "retried", code, attempt, waitMs });
      },
    });
  } catch (error) {
    if (doubtful === undefined || error instanceof OutcomeUnknownError) throw error;
    const why = "the connection was lost during commit and the server has forgotten or crashed since";
    throw new OutcomeUnknownError(why, { xid: doubtful.xid, cause: error });
  }
}

/** Is it certain that nothing was committed: the server refused to, or the signal aborted before it was asked? */
function isRefusal(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted && error === signal.reason) return true;
  // With more than an ERROR the session goes, and may go after it has committed.
  return error instanceof Error && "severity" in error && error.severity === "ERROR";
}

function notify(options: RunTransactionOptions, event: TransactionEvent): void {
  try {
    options.onEvent?.(event);
  } catch {
    // Whoever looks on cannot break what is looked at.
  }
}

function checkedKey(scope: string, key: string): TransactionKey {
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new AppError(
      "invalid_idempotency_key",
      "Cannot run the transaction as its idempotency key must be 1 to 255 printable ASCII characters without spaces",
    );
  }
  return { scope, key };
}
