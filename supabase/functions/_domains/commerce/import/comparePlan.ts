import type { ProductRow } from "./readProductRow.ts";

/** A product as it stands, by the columns that a file may change. */
export type StandingProduct = Readonly<Record<string, unknown>>;

/** Does a row change nothing of what stands? Numbers are compared as numbers, dates as moments. */
export function isUnchanged(row: ProductRow, standing: StandingProduct): boolean {
  return Object.entries(row).every(([column, value]) =>
    Object.hasOwn(standing, column) && isSame(value, standing[column])
  );
}

function isSame(given: unknown, kept: unknown): boolean {
  if (given === null || kept === null || kept === undefined) return given === (kept ?? null);
  if (Array.isArray(given)) {
    return Array.isArray(kept) && given.length === kept.length && given.every((one, place) => isSame(one, kept[place]));
  }
  if (kept instanceof Date) return kept.getTime() === Date.parse(String(given));
  const [one, other] = [Number(given), Number(kept)];
  if (String(given).trim() !== "" && Number.isFinite(one) && Number.isFinite(other)) return one === other;
  return String(given) === String(kept);
}

/** What a new product needs that has no default. */
export const neededColumns = ["name", "category_id", "price"] as const;
