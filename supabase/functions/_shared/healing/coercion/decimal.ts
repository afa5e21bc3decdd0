/** A decimal number of any size: `digits` x 10 ^ `exponent`. No zeros at either end of `digits`; zero has no digits. */
export interface Decimal {
  readonly isNegative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const numeral = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;

/** Reads a plain numeral, as Postgres reads one for numeric; undefined for anything else. */
export function readDecimal(text: string): Decimal | undefined {
  const found = numeral.exec(text);
  if (found === null) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = found;
  if (whole === "" && fraction === "") return undefined;
  const significant = (whole + fraction).replace(/^0+/, "");
  const digits = significant.replace(/0+$/, "");
  if (digits === "") return { isNegative: sign === "-", digits: "", exponent: 0 };
  const trailingZeros = significant.length - digits.length;
  return { isNegative: sign === "-", digits, exponent: Number(exponent) - fraction.length + trailingZeros };
}

/** How many digits stand after the point; negative where the number ends in that many zeros. */
export function scaleOf({ exponent }: Decimal): number {
  return exponent === 0 ? 0 : -exponent;
}

/** How many digits stand before the point; negative where zeros follow the point. */
export function magnitudeOf({ digits, exponent }: Decimal): number {
  return digits.length + exponent;
}

/** Do both say the same number? Zero has no sign here, as in numeric. */
export function isSameDecimal(left: Decimal, right: Decimal): boolean {
  if (left.digits === "" || right.digits === "") return left.digits === right.digits;
  return left.isNegative === right.isNegative && left.digits === right.digits && left.exponent === right.exponent;
}

/** The number's whole part and its fraction, as digits. For numbers of modest size: zeros are written out. */
export function splitDecimal({ digits, exponent }: Decimal): { readonly whole: string; readonly fraction: string } {
  if (exponent >= 0) return { whole: digits + "0".repeat(exponent) || "0", fraction: "" };
  const padded = digits.padStart(-exponent + 1, "0");
  return { whole: padded.slice(0, exponent), fraction: padded.slice(exponent) };
}
