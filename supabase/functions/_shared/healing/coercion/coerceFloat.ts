import { type Coercer, fit, refuse } from "./coercion.ts";
import { type Decimal, isSameDecimal, readDecimal } from "./decimal.ts";
import type { Inverse } from "./inverse.ts";
import { readNumeral } from "./numeral.ts";

/** Decimals of so many digits keep them all in four bytes, within the range of its full precision. */
const digitsOfReal = 6;
const leastReal = 1.18e-38;

/**
 * Numbers that the type gives back as they were sent: those it holds exactly, and decimals short enough for its
 * shortest text to be the decimal again (0.1 is one).
 */
export const coerceFloat: Coercer = (value, { name }) => {
  const numeral = readNumeral(value);
  if (!numeral.ok) return numeral;
  const { decimal, text, strategy } = numeral;
  // The shortest text of eight bytes is the number again; that of four bytes is a different number for JavaScript.
  const isItsText = typeof value === "number" && name !== "real";
  const inverse: Inverse = isItsText ? { from: "number" } : numeral.inverse;
  if (decimal === undefined) return fit(text, strategy, inverse);
  const number = Number(text);
  const held = name === "real" ? Math.fround(number) : number;
  if (!Number.isFinite(held)) return refuse("out_of_range");
  const isZeroed = held === 0 && decimal.digits !== "";
  if (isZeroed || !isSameDecimal(decimal, readDecimal(exactText(number, value))!)) return refuse("would_round");
  if (name === "real" && held !== number && !isShortReal(number, decimal)) return refuse("would_round");
  // A negative zero has no sign in JSON.
  if (Object.is(number, -0)) return fit("-0", strategy, inverse);
  return fit(number, strategy, inverse);
};

/** A bigint must be held to its last digit; for a number or a text the shortest text that reads the same will do. */
function exactText(number: number, value: unknown): string {
  return typeof value === "bigint" ? String(BigInt(number)) : String(number);
}

function isShortReal(number: number, { digits }: Decimal): boolean {
  return digits.length <= digitsOfReal && Math.abs(number) >= leastReal;
}
