import { isSqlState } from "../../db/sqlState.ts";
import type { Diagnosis } from "./diagnosis.ts";

/** What may be done about a failure. */
export type HealingAction =
  /** Change the payload or its mapping without loss, and write again. */
  | "heal"
  /** Run the whole transaction's logic again. */
  | "retry_transaction"
  /** Read the schema again, reload PostgREST's cache, prepare anew; diagnose again if it fails again. */
  | "refresh_and_retry"
  /** Wait with jitter; where rows can be parted, send fewer at once. */
  | "delay_and_retry"
  /** Keep the write with its error, to be replayed. */
  | "dead_letter"
  /** Tell the caller, who still has the data. */
  | "refuse"
  /** Ask whether it landed, by the transaction's id or the idempotency key; a success only if it did. */
  | "settle";

/** What to do about a diagnosis. */
export interface HealingPolicy {
  readonly action: HealingAction;
  /** Tries altogether, the failed first one included. */
  readonly maxTries: number;
  /** What to do when that was tried, abstains or does not help. */
  readonly otherwise: HealingAction;
  /** Must an operator be told at once? */
  readonly isAlarming: boolean;
}

const policy = (action: HealingAction, maxTries: number, otherwise: HealingAction): HealingPolicy => ({
  action,
  maxTries,
  otherwise,
  isAlarming: false,
});

const heal = policy("heal", 2, "dead_letter");
const refresh = policy("refresh_and_retry", 2, "dead_letter");
const deadLetter = policy("dead_letter", 1, "dead_letter");
const refuse = policy("refuse", 1, "refuse");

/** What may be done about a diagnosis: the decision table, complete over its kinds. */
export function policyFor(diagnosis: Diagnosis): HealingPolicy {
  switch (diagnosis.kind) {
    case "unknown_column":
    case "no_conflict_target":
      return heal;
    case "generated_column":
    case "type_mismatch":
    case "too_long":
    case "out_of_range":
    case "unstorable_text":
    case "not_null":
      // By this snapshot nothing is wrong with the payload: it may be the snapshot that is.
      return diagnosis.columns.length > 0 ? heal : refresh;
    case "duplicate_in_statement":
      return diagnosis.groups.length > 0 ? heal : deadLetter;
    case "check_failed":
    case "unknown_table":
      return heal;
    case "stale_schema":
    case "unknown_schema":
    case "unknown_object":
    case "pooler_artefact":
      return refresh;
    case "unknown_function":
      return policy("refresh_and_retry", 2, "refuse");
    case "missing_parent":
      return policy("delay_and_retry", 3, "dead_letter");
    case "duplicate_key":
    case "exclusion_conflict":
      return policy("settle", 1, "refuse");
    case "still_referenced":
    case "rights":
    case "invalid_call":
      return refuse;
    case "capacity":
      if (diagnosis.resource === "disk") return { ...policy("delay_and_retry", 2, "refuse"), isAlarming: true };
      // One row that is beyond a limit stays beyond it.
      if (diagnosis.resource === "limit" && !diagnosis.canSplit) return deadLetter;
      return policy("delay_and_retry", 3, "dead_letter");
    case "retry":
      return policy("retry_transaction", 5, "dead_letter");
    case "connection_lost":
      return diagnosis.isOutcomeUnknown
        ? policy("settle", 5, "retry_transaction")
        : policy("retry_transaction", 5, "refuse");
    case "never_ran":
      return policy("delay_and_retry", 5, "refuse");
    case "unknown":
      // What PostgREST, a gateway or we refuse never came near a table: there is nothing to keep.
      return isSqlState(diagnosis.code) ? deadLetter : refuse;
  }
}
