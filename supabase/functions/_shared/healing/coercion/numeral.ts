import { type Refusal, refuse } from "./coercion.ts";
import type { CoercionStrategy } from "./coercion.ts";
import { type Decimal, readDecimal } from "./decimal.ts";
import { isAmbiguousNumber, ungroupNumber } from "./groupedNumber.ts";
import type { Inverse } from "./inverse.ts";

/** A sent value read as a number. */
export interface Numeral {
  readonly ok: true;
  /** Undefined for NaN and the infinities, which `text` names. */
  readonly decimal: Decimal | undefined;
  /** How Postgres reads it. */
  readonly text: string;
  readonly strategy: CoercionStrategy;
  /** With the text in it: whoever stores the very same text may leave it out. */
  readonly inverse: Inverse & { readonly from: "number" | "bigint" | "string" };
}

/** Reads a number out of a number, a bigint or a text. */
export function readNumeral(value: unknown): Numeral | Refusal {
  if (typeof value === "number") {
    const text = Object.is(value, -0) ? "-0" : String(value);
    return numeral(text, "unchanged", { from: "number", text });
  }
  if (typeof value === "bigint") {
    return numeral(String(value), "number_from_bigint", { from: "bigint", text: `${value}` });
  }
  if (typeof value !== "string") return refuse("unsupported_value");
  const trimmed = value.trim();
  const isPlain = readDecimal(trimmed) !== undefined || /^(?:NaN|-?Infinity)$/.test(trimmed);
  const text = isPlain ? trimmed : ungroupNumber(trimmed);
  if (text === undefined) return refuse(isAmbiguousNumber(trimmed) ? "ambiguous_number" : "not_a_number");
  return numeral(text, "number_from_text", { from: "string", text: value });
}

function numeral(text: string, strategy: CoercionStrategy, inverse: Numeral["inverse"]): Numeral {
  return { ok: true, decimal: readDecimal(text), text, strategy, inverse };
}

/**
 * Has the sender's number lost digits before it came here? Whole numbers over 2^53 stand for several others, and are
 * most often ids that went through a JSON parser.
 */
export function isImpreciseNumber(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
}
