import { type Coercer, fit, refuse } from "./coercion.ts";
import { magnitudeOf, scaleOf, splitDecimal } from "./decimal.ts";
import { isImpreciseNumber, readNumeral } from "./numeral.ts";

const bits: Readonly<Record<string, bigint>> = { smallint: 15n, integer: 31n, bigint: 63n };

/** Whole numbers within the type's range, from numbers, texts, bigints and booleans. */
export const coerceInteger: Coercer = (value, type) => {
  if (typeof value === "boolean") {
    return fit(value ? 1 : 0, "number_from_boolean", { from: "boolean", isTrue: value });
  }
  const numeral = readNumeral(value);
  if (!numeral.ok) return numeral;
  const { decimal, strategy, inverse } = numeral;
  if (decimal === undefined) return refuse("not_a_number");
  if (isImpreciseNumber(value)) return refuse("imprecise_number");
  if (scaleOf(decimal) > 0) return refuse("would_round");
  if (magnitudeOf(decimal) > 19) return refuse("out_of_range");
  const whole = BigInt((decimal.isNegative ? "-" : "") + splitDecimal(decimal).whole);
  const limit = 1n << bits[type.name]!;
  if (whole < -limit || whole >= limit) return refuse("out_of_range");
  const isSafe = whole >= Number.MIN_SAFE_INTEGER && whole <= Number.MAX_SAFE_INTEGER;
  const { from, text } = inverse;
  return fit(
    isSafe ? Number(whole) : String(whole),
    strategy,
    text === String(whole) ? { from } : { from, text: text! },
  );
};
