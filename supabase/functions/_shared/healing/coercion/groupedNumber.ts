const decimalPoint = /^[+-]?\d{1,3}(?:,\d{3})+\.\d+$/;
const decimalComma = /^[+-]?\d{1,3}(?:\.\d{3})+,\d+$/;
const severalGroups = /^[+-]?\d{1,3}(?:,\d{3}){2,}$/;

/**
 * The plain numeral of a number with grouped thousands that can be read in one way only: `1,234.50`, `1.234,50` and
 * `1,234,567` can; `1,234` may be a fraction, and `1.234.567` a version.
 */
export function ungroupNumber(text: string): string | undefined {
  if (decimalPoint.test(text) || severalGroups.test(text)) return text.replaceAll(",", "");
  if (decimalComma.test(text)) return text.replaceAll(".", "").replace(",", ".");
  return undefined;
}

/** Does the text look like a number whose separators can be read in more than one way? */
export function isAmbiguousNumber(text: string): boolean {
  return /^[+-]?\d[\d., '_]*\d$/.test(text);
}
