import { type Coercer, fit, refuse } from "./coercion.ts";
import { magnitudeOf, scaleOf } from "./decimal.ts";
import { isImpreciseNumber, readNumeral } from "./numeral.ts";

/** The most digits before and after the point where the type states none. */
const mostWholeDigits = 131_072;
const mostFractionDigits = 16_383;

/** Decimals that the type holds to their last digit. */
export const coerceNumeric: Coercer = (value, { modifiers }) => {
  const numeral = readNumeral(value);
  if (!numeral.ok) return numeral;
  const { decimal, text, strategy, inverse } = numeral;
  const [precision, scale = 0] = modifiers;
  if (decimal === undefined) {
    return precision !== undefined && text !== "NaN" ? refuse("out_of_range") : fit(text, strategy, inverse);
  }
  if (isImpreciseNumber(value)) return refuse("imprecise_number");
  if (decimal.digits !== "") {
    if (scaleOf(decimal) > (precision === undefined ? mostFractionDigits : scale)) return refuse("would_round");
    if (magnitudeOf(decimal) > (precision === undefined ? mostWholeDigits : precision - scale)) {
      return refuse("out_of_range");
    }
  }
  if (typeof value === "number") {
    return Object.is(value, -0) ? fit(0, strategy, inverse) : fit(value, strategy, { from: "number" });
  }
  // A zero may come with an exponent beyond what Postgres reads.
  return fit(
    decimal.digits === "" && /e/i.test(text) ? "0" : text,
    strategy,
    inverse.from === "bigint" && precision === undefined ? { from: "bigint" } : inverse,
  );
};
