import { readDecimal, splitDecimal } from "./decimal.ts";

/** The first moments that numbers of ten and of thirteen digits stand for: 2001-09-09, and both end in 2286. */
const leastDigits = { seconds: 10, milliseconds: 13 } as const;

/**
 * The moment, as ISO text in UTC, that a number stands for when it can only be epoch seconds (ten digits) or epoch
 * milliseconds (thirteen): with these lengths the other reading is a moment within weeks of 1970 or over 10,000 years
 * off. A number that is also a written hour of our times, such as 2031123123, is refused: undefined.
 */
export function readEpoch(value: number | bigint): string | undefined {
  const decimal = readDecimal(String(value));
  if (decimal === undefined || decimal.isNegative) return undefined;
  const { whole, fraction } = splitDecimal(decimal);
  if (whole.length === leastDigits.milliseconds && fraction === "") return new Date(Number(whole)).toISOString();
  if (whole.length !== leastDigits.seconds || isWrittenHour(whole)) return undefined;
  return new Date(Number(whole) * 1_000).toISOString().replace(".000Z", fraction === "" ? "Z" : `.${fraction}Z`);
}

function isWrittenHour(digits: string): boolean {
  const parts = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8), digits.slice(8)];
  const [year, month, day, hour] = parts.map(Number);
  // Today's seconds begin like the years 1600 to 1900, of which nobody writes the hour.
  return year! >= 1900 && year! < 2200 && month! >= 1 && month! <= 12 && day! >= 1 && day! <= 31 && hour! <= 23;
}
