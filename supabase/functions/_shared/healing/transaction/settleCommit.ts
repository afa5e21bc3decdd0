import type { Database } from "../../db/database.ts";
import { classifySqlState, sqlStateOf } from "../../db/sqlState.ts";
import { systemClock } from "../../time/clock.ts";
import { retryWhile, type WaitOptions } from "../retry/retryWhile.ts";
import { type CommitFate, type CommitWitness, readCommitFate } from "./commitWitness.ts";
import { OutcomeUnknownError } from "./outcomeUnknownError.ts";

/** How long a commit's fate is asked for. */
export interface SettleOptions extends WaitOptions {
  /** @default 30_000 */
  settleLimitMs?: number;
}

class StillInProgress extends Error {}

const wait = { baseMs: 2, capMs: 500 };
const mayAskAgain = ["connection_lost", "never_ran", "retry", "pooler"];

/**
 * Finds out what became of a transaction whose connection went during commit: waits while the server still has it in
 * progress (it may not have noticed yet, or a pooler may still hold the commit) and while the server is away. Throws an
 * {@link OutcomeUnknownError} when time is up before.
 */
export async function settleCommit(
  database: Database,
  witness: CommitWitness,
  options: SettleOptions & { cause: unknown },
): Promise<Exclude<CommitFate, "in_progress">> {
  const { settleLimitMs = 30_000, clock = systemClock, cause, ...waits } = options;
  const startedAt = clock.monotonic();
  const leftMs = () => settleLimitMs - (clock.monotonic() - startedAt);
  const deadline = { remainingMs: () => Math.min(leftMs(), options.deadline?.remainingMs() ?? Infinity) };
  try {
    return await retryWhile(async () => {
      // Not as a statement of its own: where one fails, the client keeps its dying connection, and the driver loses
      // whoever waits to reserve that, the next try of the transaction.
      const fate = await database.transaction((sql) => readCommitFate(sql, witness), { isReadOnly: true });
      if (fate === "in_progress") throw new StillInProgress("The transaction is still in progress");
      return fate;
    }, {
      ...waits,
      clock,
      deadline,
      policyOf: (error) =>
        error instanceof StillInProgress || mayAskAgain.includes(classifySqlState(sqlStateOf(error)))
          ? { maxAttempts: Infinity, wait }
          : undefined,
    });
  } catch (error) {
    const why = error instanceof StillInProgress
      ? "the server still has it in progress"
      : "the connection was lost during commit and the server could not be asked";
    throw new OutcomeUnknownError(why, { xid: witness.xid, cause: options.signal?.aborted ? error : cause });
  }
}
