import type { SqlTag } from "../../db/database.ts";
import { AppError } from "../../errors/appError.ts";
import { postgresTransactionLog } from "../ledger/postgresTransactionLog.ts";
import type { TransactionKey } from "../ledger/transactionLog.ts";
import { type CommitWitness, takeWitness } from "./commitWitness.ts";
import { readResultText, toResultText } from "./resultText.ts";
import { standInLine } from "./deadlockQueue.ts";
import type { RunTransactionOptions } from "./transactionOptions.ts";

/** How far one try of a transaction has come. */
export type TryState<Result> =
  /** Commit has not been sent: whatever happens, nothing lands. */
  | { readonly kind: "working"; readonly hasClaimed: boolean }
  /** Commit is on its way, or about to be. */
  | { readonly kind: "committing"; readonly result: Result; readonly witness: CommitWitness }
  /** An earlier try or call has landed, with this result. */
  | { readonly kind: "landed_before"; readonly result: Result };

/** One try: claims the key, runs the work and keeps its result, telling how far it has come. */
export async function tryTransaction<Result>(
  sql: SqlTag,
  work: (sql: SqlTag) => Promise<Result>,
  key: TransactionKey | undefined,
  options: Pick<RunTransactionOptions, "requestHash" | "keepMs" | "signal"> & { readonly isInLine?: boolean },
  reach: (state: TryState<Result>) => void,
): Promise<void> {
  const { requestHash, keepMs, signal, isInLine = false } = options;
  // Travels with the statement behind it: no round trip of its own.
  const taken = takeWitness(sql);
  taken.catch(() => {}); // Awaited below, unless something else fails first.
  if (isInLine) await standInLine(sql);
  const log = postgresTransactionLog(sql);
  if (key !== undefined) {
    const claim = await log.claim(key, {
      ...(requestHash === undefined ? {} : { requestHash }),
      ...(keepMs === undefined ? {} : { keepMs }),
    });
    if (claim.kind === "reused") {
      throw new AppError(
        "idempotency_key_reused",
        "Cannot run the transaction as its idempotency key belongs to another request",
      );
    }
    if (claim.kind === "done") {
      return reach({ kind: "landed_before", result: readResultText(claim.result) as Result });
    }
  }
  reach({ kind: "working", hasClaimed: key !== undefined });
  let result: Result = await work(sql);
  if (key !== undefined) {
    const text = toResultText(result);
    await log.finish(key, text);
    result = readResultText(text) as Result;
  }
  const witness = await taken;
  signal?.throwIfAborted();
  reach({ kind: "committing", result, witness });
}
