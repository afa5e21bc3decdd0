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

/**
 * For a number, and for a text of one below 2^53, the shortest text that reads the same will do. A bigint must be held to
 * its last digit, and so must bigger numbers in texts: some lie midway between two doubles, as 1e23 does.
 */
function exactText(number: number, value: unknown): string {
  const isExactOnly = typeof value === "bigint" || (typeof value === "string" && Math.abs(number) >= 2 ** 53);
  return isExactOnly ? String(BigInt(number)) : String(number);
}

function isShortReal(number: number, { digits }: Decimal): boolean {
  return digits.length <= digitsOfReal && Math.abs(number) >= leastReal && !isMidway(number);
}

/** Is the number midway between two reals? Postgres does not print those as it read them: 82332100 as 82332096. */
function isMidway(number: number): boolean {
  const real = new DataView(new ArrayBuffer(4));
  real.setFloat32(0, number);
  const held = real.getFloat32(0);
  const bits = real.getUint32(0);
  return [bits - 1, bits + 1].some((neighbour) => {
    real.setUint32(0, neighbour);
    return (held + real.getFloat32(0)) / 2 === number;
  });
}
