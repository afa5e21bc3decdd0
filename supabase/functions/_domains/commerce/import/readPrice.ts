const signs: Readonly<Record<string, string>> = { "\u20ac": "EUR", "$": "USD", "\u00a3": "GBP" };

/** A price as a vendor may write it; undefined where it can be read in two ways, or in none. */
export function readPrice(text: string): { readonly amount: string; readonly currency?: string } | undefined {
  const trimmed = text.trim();
  const sign = Object.keys(signs).find((one) => trimmed.includes(one));
  const code = /\b([A-Z]{3})\b/.exec(trimmed)?.[1];
  if (sign !== undefined && code !== undefined) return undefined;
  const number = trimmed.replace(sign ?? code ?? "", "").trim();
  const amount = readAmount(number);
  if (amount === undefined) return undefined;
  const currency = sign === undefined ? code : signs[sign];
  return { amount, ...(currency === undefined ? {} : { currency }) };
}

/** `1234.5`, `1.234,50`, `1,234.50`, `3,49`. `1,234` is a thousand to some and one to others: it is neither here. */
function readAmount(text: string): string | undefined {
  if (/^\d{1,8}([.,]\d{1,2})?$/.test(text)) return text.replace(",", ".");
  const grouped = /^(\d{1,3}(?:([.,' ])\d{3})+)([.,]\d{1,2})$/.exec(text);
  if (grouped === null || grouped[2] === grouped[3]![0]) return undefined;
  return `${grouped[1]!.replace(/\D/g, "")}.${grouped[3]!.slice(1)}`;
}
