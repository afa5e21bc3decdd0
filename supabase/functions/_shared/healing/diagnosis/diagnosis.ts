import type { TableRef } from "../../connect/connector.ts";
import type { RefusalReason } from "../coercion/coercion.ts";

/** A column whose values in a statement cannot be its type's. */
export interface UnfitColumn {
  readonly column: string;
  /** The type as the catalog prints it; null where the snapshot does not have the column. */
  readonly type: string | null;
  /** Is it what rows must match that does not fit, not what is written? */
  readonly isInMatch: boolean;
  /** The rows concerned, by their place; none where it is about the match. */
  readonly rows: readonly number[];
  /** Why values cannot be coerced; where it is empty, all of them can be without loss. */
  readonly refusals: readonly RefusalReason[];
}

/** A column that must have a value and is given none. */
export interface LackingColumn {
  readonly column: string;
  readonly rows: readonly number[];
  /** Does it fill itself where its key is left out? */
  readonly fillsItself: boolean;
}

/** A unique key and what it consists of; of expressions there are no columns. */
export interface UniqueKey {
  readonly constraint: string;
  readonly columns: readonly string[];
}

/** What the payload itself, held against the snapshot, can be at fault for. */
export type PayloadDiagnosis =
  /** `columns` are keys of the payload without a column; `otherNames` stand in the match, the selection or the conflict. */
  | { readonly kind: "unknown_column"; readonly columns: readonly string[]; readonly otherNames: readonly string[] }
  | { readonly kind: "generated_column"; readonly columns: readonly string[] }
  | { readonly kind: "type_mismatch"; readonly columns: readonly UnfitColumn[] }
  | { readonly kind: "too_long"; readonly columns: readonly UnfitColumn[] }
  | { readonly kind: "out_of_range"; readonly columns: readonly UnfitColumn[] }
  /** Characters that no text can hold: NUL, half of a surrogate pair. */
  | { readonly kind: "unstorable_text"; readonly columns: readonly UnfitColumn[] }
  | { readonly kind: "not_null"; readonly columns: readonly LackingColumn[] }
  /** Rows that meet in one upsert, in groups, by their place. */
  | {
    readonly kind: "duplicate_in_statement";
    readonly columns: readonly string[];
    readonly groups: readonly (readonly number[])[];
  };

/** What is wrong with a statement that failed. Each kind has only its own fields, and no value of the payload. */
export type Diagnosis =
  | PayloadDiagnosis
  | { readonly kind: "unknown_table"; readonly table: TableRef }
  | { readonly kind: "unknown_schema"; readonly schema: string }
  | { readonly kind: "unknown_function"; readonly fn: TableRef; readonly args: readonly string[] }
  /** A type, an operator or another thing that neither the statement nor the snapshot names. */
  | { readonly kind: "unknown_object" }
  /** The database lacks what the snapshot has: one of the snapshot and PostgREST's cache is out of date. */
  | { readonly kind: "stale_schema"; readonly names: readonly string[] }
  | {
    readonly kind: "no_conflict_target";
    readonly columns: readonly string[];
    /** The keys that the table does have. */
    readonly keys: readonly UniqueKey[];
  }
  | { readonly kind: "duplicate_key"; readonly constraint: string | null; readonly columns: readonly string[] }
  | { readonly kind: "exclusion_conflict"; readonly constraint: string | null; readonly columns: readonly string[] }
  | { readonly kind: "check_failed"; readonly constraint: string | null; readonly columns: readonly string[] }
  | {
    readonly kind: "missing_parent";
    readonly constraint: string | null;
    readonly columns: readonly string[];
    readonly parentTable: TableRef | null;
  }
  /** A row that others still refer to; `constraints` are those that can be meant. */
  | {
    readonly kind: "still_referenced";
    readonly constraints: readonly { readonly constraint: string; readonly childTable: TableRef }[];
  }
  | {
    readonly kind: "capacity";
    readonly resource: "disk" | "memory" | "limit" | "time" | "rate";
    /** Are there rows to part into smaller statements? */
    readonly canSplit: boolean;
  }
  | { readonly kind: "retry"; readonly reason: "serialization" | "deadlock" | "lock" }
  | { readonly kind: "connection_lost"; readonly isOutcomeUnknown: boolean }
  | { readonly kind: "never_ran" }
  | { readonly kind: "pooler_artefact" }
  | { readonly kind: "rights" }
  /** A call that no statement could be made of. */
  | { readonly kind: "invalid_call"; readonly code: string }
  | { readonly kind: "unknown"; readonly code: string };

/** The kinds of diagnosis. */
export type DiagnosisKind = Diagnosis["kind"];

/** The diagnosis of one kind. */
export type DiagnosisOf<Kind extends DiagnosisKind> = Extract<Diagnosis, { readonly kind: Kind }>;
