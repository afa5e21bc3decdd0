/** A price as it stands in a catalog: lossless, or not at all. */
export type PriceReading =
  | { readonly price: string; readonly currency?: string }
  | { readonly reason: string };

const symbols: Readonly<Record<string, string>> = { "\u20ac": "EUR", "$": "USD", "\u00a3": "GBP" };
const amount = /^(?:\d+|\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*)(?:([.,])(\d+))?$/;

/**
 * Reads `3.49`, `3,49`, `1.234,50`, with a currency's sign or code on either side. What could mean two amounts (`1.234`), or has
 * more places than a price keeps, is refused and not rounded.
 */
export function readPrice(value: unknown): PriceReading {
  if (typeof value === "number") {
    const text = String(value);
    return /^\d+(\.\d+)?$/.test(text) ? settle(...splitAt(text, ".")) : { reason: "Must be an amount of 0 or more" };
  }
  if (typeof value !== "string") return { reason: "Must be an amount" };
  const parts = /^\s*([A-Z]{3}|[\u20ac$\u00a3])?\s*([\d][\d.,' \u00a0\u202f]*?)\s*([A-Z]{3}|[\u20ac$\u00a3])?\s*$/i
    .exec(value);
  if (parts === null) return { reason: "Must be an amount of 0 or more, such as 3.49" };
  const [, before, digits, after] = parts;
  if (before !== undefined && after !== undefined) return { reason: "Must name one currency at most" };
  const mark = before ?? after;
  const currency = mark === undefined ? undefined : symbols[mark] ?? mark.toUpperCase();
  const text = digits!.replaceAll(/[\u00a0\u202f]/g, " ");
  // '1.234' is a thousand to some, and one and a bit to others.
  if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(text)) return { reason: "Must be unambiguous: write 1234 or 1.23" };
  const found = amount.exec(text);
  if (found === null) return { reason: "Must be one amount, such as 1234.50 or 1.234,50" };
  const [, group, point, places] = found;
  if (group !== undefined && group === point) return { reason: "Must use different signs for thousands and decimals" };
  const whole = (point === undefined ? text : text.slice(0, -places!.length - 1)).replaceAll(/\D/g, "");
  const settled = settle(whole, places ?? "");
  return "price" in settled && currency !== undefined ? { ...settled, currency } : settled;
}

function splitAt(text: string, point: string): [string, string] {
  const [whole = "", places = ""] = text.split(point);
  return [whole, places];
}

function settle(whole: string, places: string): PriceReading {
  const kept = places.replace(/0+$/, "");
  if (kept.length > 2) return { reason: "Must have two decimal places at most" };
  const digits = whole.replace(/^0+(?=\d)/, "");
  if (digits.length > 8) return { reason: "Must be below 100000000" };
  return { price: `${digits}.${kept.padEnd(2, "0")}` };
}
