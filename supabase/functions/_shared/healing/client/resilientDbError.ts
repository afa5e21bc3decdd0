import type { DbFailure } from "../../connect/dbFailure.ts";
import type { DiagnosisKind } from "../diagnosis/diagnosis.ts";

/** What is known of a failure besides the failure itself. */
export interface ResilientDbErrorParts {
  readonly diagnosis?: DiagnosisKind;
  readonly deadLetterIds?: readonly string[];
}

/** Why a call did not succeed: the fields of supabase-js's errors, and what healing made of it. Branch on `code`. */
export class ResilientDbError extends Error {
  /** The SQLSTATE, PGRST, driver or own code. */
  readonly code: string;
  readonly details: string | null;
  readonly hint: string | null;
  readonly table: string | null;
  readonly column: string | null;
  readonly constraint: string | null;
  readonly diagnosis: DiagnosisKind | null;
  /** Can the statement have had an effect all the same? */
  readonly isOutcomeUnknown: boolean;
  /** Where the rows are kept, one letter each, in their order; empty where they are not. */
  readonly deadLetterIds: readonly string[];

  constructor(failure: DbFailure, { diagnosis, deadLetterIds = [] }: ResilientDbErrorParts = {}) {
    super(failure.message, { cause: failure.cause });
    this.name = "ResilientDbError";
    this.code = failure.code;
    this.details = failure.detail ?? null;
    this.hint = failure.hint ?? null;
    this.table = failure.table ?? null;
    this.column = failure.column ?? null;
    this.constraint = failure.constraint ?? null;
    this.diagnosis = diagnosis ?? null;
    this.isOutcomeUnknown = failure.isOutcomeUnknown;
    this.deadLetterIds = deadLetterIds;
  }
}
