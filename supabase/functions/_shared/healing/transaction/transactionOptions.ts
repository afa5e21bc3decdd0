import type { TransactionOptions } from "../../db/database.ts";
import type { KnobReader } from "../../optimizer/knobs/knobReader.ts";
import type { KernelHub } from "../../telemetry/kernelHub.ts";
import type { SettleOptions } from "./settleCommit.ts";

/** How a transaction runs, and how often. */
export interface RunTransactionOptions extends TransactionOptions, SettleOptions {
  /** Run twice under it, the work has its effect once, and the second call gets the first one's result. */
  idempotencyKey?: string;
  /** What the key is for, besides the caller. @default "transaction" */
  scope?: string;
  /** SHA-256 in hex of what was asked: the key of another request is refused. @default none */
  requestHash?: string;
  /** How long the result is kept. @default 86_400_000 */
  keepMs?: number;
  /** Tries altogether where a failure allows for another. @default the knob's: 5 */
  maxAttempts?: number;
  /** Is told of each try but the first. @default isolateHub */
  hub?: KernelHub;
  /** What is turned while the code runs. @default each knob holds its default */
  knobs?: KnobReader;
  /** What it is told that is tried again. @default the scope */
  subject?: string;
  /** Hears what is healed. What it throws is not heard. */
  onEvent?(event: TransactionEvent): void;
}

/** Something a transaction went through. */
export type TransactionEvent =
  /** A try failed with this code, and another follows. */
  | { readonly kind: "retried"; readonly code: string | undefined; readonly attempt: number; readonly waitMs: number }
  /** The connection went during commit, and Postgres told what had become of it. */
  | { readonly kind: "settled"; readonly fate: "landed" | "not_landed" | "doubtful"; readonly xid: string };

/** What came of a transaction. */
export interface TransactionOutcome<Result> {
  /** Under a key as JSON carries it, for the call that ran as for those that are told. */
  readonly result: Result;
  /** Had it run before, under the same key? */
  readonly isReplay: boolean;
  readonly attempts: number;
}
