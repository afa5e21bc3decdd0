import type { ColumnType } from "./columnType.ts";
import type { Inverse } from "./inverse.ts";

/** What of a column decides whether a value fits. `type` is as the catalog prints it. */
export interface CoercionColumn {
  readonly type: string;
  readonly isNullable: boolean;
  /** The labels where the type is an enum. */
  readonly enumLabels?: readonly string[];
  /** What labels of now were called before, and the label of each by now. @default nothing is known */
  readonly formerLabels?: ReadonlyMap<string, string>;
}

/** How a value was made to fit. */
export type CoercionStrategy =
  | "unchanged"
  | "number_from_text"
  | "number_from_bigint"
  | "number_from_boolean"
  | "boolean_from_word"
  | "boolean_from_number"
  | "text_from_scalar"
  | "text_from_json"
  | "json_from_text"
  | "json_from_scalar"
  | "time_from_text"
  | "time_from_date"
  | "time_from_epoch"
  | "interval_from_text"
  | "label_by_folding"
  | "label_by_rename"
  | "uuid_from_text"
  | "bytes_as_hex"
  | "bytes_from_text"
  | "address_from_text"
  | "list_by_member"
  | "list_from_text"
  | "list_of_one"
  | "only_member";

/** Why a value cannot be made to fit without loss. */
export type RefusalReason =
  | "null_not_allowed"
  | "unsupported_type"
  | "unsupported_value"
  | "not_reversible"
  | "not_a_number"
  | "ambiguous_number"
  | "imprecise_number"
  | "out_of_range"
  | "would_round"
  | "not_a_boolean"
  | "not_a_time"
  | "ambiguous_time"
  | "zone_missing"
  | "zone_would_be_lost"
  | "date_would_be_lost"
  | "time_would_be_lost"
  | "not_an_interval"
  | "too_long"
  | "trailing_blanks_would_be_lost"
  | "nul_character"
  | "lone_surrogate"
  | "not_json"
  | "duplicate_keys"
  | "unknown_label"
  | "ambiguous_label"
  | "not_a_uuid"
  | "ambiguous_bytes"
  | "not_an_address"
  | "ambiguous_list"
  | "list_shape_would_be_lost";

/** A value that fits, with the note that gives the sent one back; or the reason why there is none. */
export type Coercion = Fit | Refusal;

/** See {@linkcode Coercion}. */
export interface Fit {
  readonly ok: true;
  /** Safe to send through either connector: no bigint, no bytes, no number that is not finite. */
  readonly value: unknown;
  readonly strategy: CoercionStrategy;
  readonly inverse: Inverse;
}

/** See {@linkcode Coercion}. */
export interface Refusal {
  readonly ok: false;
  readonly reason: RefusalReason;
}

/** What a coercer may need beside the value and its type. */
export interface CoercionContext {
  readonly enumLabels: readonly string[] | undefined;
  readonly formerLabels: ReadonlyMap<string, string> | undefined;
  /** Coerces a list's member. */
  readonly coerceMember: (value: unknown, type: ColumnType) => Coercion;
}

/** Makes a value, never null, fit one family of types. */
export type Coercer = (value: unknown, type: ColumnType, context: CoercionContext) => Coercion;

/** The value fits. */
export function fit(value: unknown, strategy: CoercionStrategy, inverse: Inverse): Fit {
  return { ok: true, value, strategy, inverse };
}

/** The value does not fit. */
export function refuse(reason: RefusalReason): Refusal {
  return { ok: false, reason };
}
