import { jsonText, scalarText } from "../../connect/valueText.ts";
import { coerceLosslessly } from "../coercion/coerceLosslessly.ts";
import type { CoercionColumn, RefusalReason } from "../coercion/coercion.ts";
import { readColumnType, type TypeFamily } from "../coercion/columnType.ts";

/** What Postgres can hold against a value. */
export type FaultKind = "unreadable" | "unreadable_time" | "too_long" | "out_of_range" | "unstorable_text";

/** A value that Postgres refuses, or may refuse. */
export interface ValueFault {
  /** Null where nothing is known of how the type reads values: it may be any fault, or none. */
  readonly kind: FaultKind | null;
  /** Why it cannot be coerced; undefined where it can. */
  readonly refusal: RefusalReason | undefined;
}

/** Coercions refuse these as something would be lost; Postgres takes them without a word, so they explain no error. */
const takenSilently: ReadonlySet<RefusalReason> = new Set([
  ...["not_reversible", "zone_missing", "zone_would_be_lost", "date_would_be_lost"] as const,
  ...["time_would_be_lost", "trailing_blanks_would_be_lost", "duplicate_keys", "not_json"] as const,
]);

const timeFamilies: ReadonlySet<TypeFamily> = new Set(["date", "time", "timestamp", "interval"]);

/** What Postgres holds against a value in a column; undefined where it takes it. */
export function valueFault(value: unknown, column: CoercionColumn): ValueFault | undefined {
  if (value === null || value === undefined) return undefined;
  const type = readColumnType(column.type, column.enumLabels !== undefined);
  if (type === undefined) return { kind: null, refusal: "unsupported_type" };
  const family = type.member?.family ?? type.family;
  const unreadable = timeFamilies.has(family) ? "unreadable_time" : "unreadable";
  const coercion = coerceLosslessly(value, column);
  if (coercion.ok) {
    // The connectors make JSON and text of anything. Elsewhere what had to be rewritten may be what was refused.
    const isTaken = type.family === "json" || type.family === "text" || coercion.strategy === "unchanged" ||
      isReadByPostgres(value, type.family);
    return isTaken || textOf(value) === textOf(coercion.value) ? undefined : { kind: unreadable, refusal: undefined };
  }
  const { reason: refusal } = coercion;
  if (takenSilently.has(refusal)) return undefined;
  switch (refusal) {
    case "imprecise_number": {
      // The number that it stands for is not known; its text is what Postgres gets.
      const fault = valueFault(String(value), column);
      return fault === undefined ? undefined : { ...fault, refusal };
    }
    case "too_long":
      return type.name === "name" ? undefined : { kind: "too_long", refusal }; // Names are cut without a word.
    case "nul_character":
    case "lone_surrogate":
      return { kind: "unstorable_text", refusal };
    case "would_round":
      return family === "integer" ? { kind: unreadable, refusal } : undefined;
    case "out_of_range":
      if (family === "json") return undefined; // A bigint of any size is a number there.
      return { kind: family === "integer" && !isPlainInteger(value) ? unreadable : "out_of_range", refusal };
    default:
      return { kind: unreadable, refusal };
  }
}

const readForms: Readonly<Partial<Record<TypeFamily, RegExp>>> = {
  integer: /^\s*[-+]?\d+\s*$/,
  boolean: /^/, // The coercion knows the very words that Postgres knows.
  uuid: /^(?:[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}|\{[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\})$/i,
  date: /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?)?$/,
  timestamp: /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[-+]\d\d(?::?\d\d)?)?)?$/,
};

/** Texts in another form than the coercions', which Postgres reads all the same. */
function isReadByPostgres(value: unknown, family: TypeFamily): boolean {
  const text = scalarText(value);
  return typeof text === "string" && readForms[family]?.test(text) === true;
}

/** Postgres reads no exponent as an integer: 1e21 is not out of range, it is no integer at all. */
function isPlainInteger(value: unknown): boolean {
  return typeof value === "object" || /^\s*[-+]?\d+\s*$/.test(String(value));
}

function textOf(value: unknown): string {
  return scalarText(value) ?? jsonText(value);
}
