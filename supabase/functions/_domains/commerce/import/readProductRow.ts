import type { ImportColumn } from "./headerNames.ts";
import { readPrice } from "./readPrice.ts";

/** A row's fields by column, as text or as JSON had them. */
export type RawRow = Readonly<Partial<Record<ImportColumn, unknown>>>;

/** Why a row was refused. */
export interface RowError {
  readonly code: string;
  readonly field: string;
  readonly message: string;
}

/** Columns of a product, ready to be written. */
export type ProductRow = Readonly<Record<string, unknown>> & { readonly sku: string };

/** A row that can be written, or why it cannot. */
export type RowReading = { readonly row: ProductRow; readonly error?: undefined } | { readonly error: RowError };

class Refusal extends Error {
  constructor(readonly field: ImportColumn, message: string) {
    super(message);
  }
}

const units = ["piece", "kg", "g", "l", "ml", "gallon", "dozen", "bunch", "box"];
const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Reads one row; only columns that the file has are in it, so that an update leaves the others alone. */
export function readProductRow(raw: RawRow, categories: ReadonlyMap<string, string>): RowReading {
  try {
    const row: Record<string, unknown> = { sku: requiredText(raw.sku, "sku", 100) };
    for (const [column, value] of Object.entries(raw) as [ImportColumn, unknown][]) {
      if (column !== "sku") Object.assign(row, readers[column](value, column, categories));
    }
    return { row: row as ProductRow };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { error: { code: "invalid", field: error.field, message: error.message } };
  }
}

type Reader = (
  value: unknown,
  column: ImportColumn,
  categories: ReadonlyMap<string, string>,
) => Record<string, unknown>;

const readers: Readonly<Record<ImportColumn, Reader>> = {
  sku: () => ({}),
  name: (value, column) => ({ name: requiredText(value, column, 200) }),
  description: (value, column) => ({ description: text(value, column, 10_000) ?? "" }),
  brand: (value, column) => ({ brand: text(value, column, 100) ?? null }),
  category(value, column, categories) {
    const name = requiredText(value, column, 200);
    const id = categories.get(name.toLowerCase());
    if (id === undefined) throw new Refusal(column, `There is no category '${name}'`);
    return { category_id: id };
  },
  attributes(value, column) {
    const words = list(value, column).map((word) =>
      word.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")
    );
    const attributes = [...new Set(words.filter((word) => word !== ""))];
    if (attributes.length > 40) throw new Refusal(column, "There are more than 40 attributes");
    return { attributes };
  },
  price(value, column) {
    const price = typeof value === "number" ? readPrice(String(value)) : readPrice(requiredText(value, column, 40));
    if (price === undefined) throw new Refusal(column, `'${String(value)}' cannot be read as a price without guessing`);
    return { price: price.amount, ...(price.currency === undefined ? {} : { currency: price.currency }) };
  },
  currency(value, column) {
    const code = requiredText(value, column, 3).toUpperCase();
    if (!/^[A-Z]{3}$/.test(code)) throw new Refusal(column, `'${code}' is no currency's code`);
    return { currency: code };
  },
  unit(value, column) {
    const unit = requiredText(value, column, 20).toLowerCase();
    if (!units.includes(unit)) throw new Refusal(column, `'${unit}' is none of ${units.join(", ")}`);
    return { unit };
  },
  unit_size(value, column) {
    const size = requiredText(value, column, 20).replace(",", ".");
    if (!/^\d{1,7}(\.\d{1,3})?$/.test(size) || Number(size) <= 0) throw new Refusal(column, `'${size}' is no size`);
    return { unit_size: size };
  },
  season_months(value, column) {
    const months = list(value, column).map((word) => {
      const month = /^\d+$/.test(word) ? Number(word) : monthNames.indexOf(word.toLowerCase().slice(0, 3)) + 1;
      if (!(month >= 1 && month <= 12)) throw new Refusal(column, `'${word}' is no month`);
      return month;
    });
    return { season_months: [...new Set(months)].sort((one, other) => one - other) };
  },
  stock: (value, column) => ({ stock: wholeNumber(value, column, 2_000_000_000) }),
  freshness_days(value, column) {
    return {
      freshness_days: text(value, column, 10) === undefined ? null : Math.max(1, wholeNumber(value, column, 32_000)),
    };
  },
  status(value, column) {
    const status = requiredText(value, column, 20).toLowerCase();
    if (status !== "active" && status !== "hidden") {
      throw new Refusal(column, `'${status}' is neither active nor hidden`);
    }
    return { status };
  },
  expires_at(value, column) {
    const moment = text(value, column, 40);
    if (moment === undefined) return { expires_at: null };
    if (!/^\d{4}-\d{2}-\d{2}([T ].*)?$/.test(moment) || Number.isNaN(Date.parse(moment))) {
      throw new Refusal(column, `'${moment}' is no date: write it as 2026-05-31`);
    }
    return { expires_at: new Date(moment).toISOString() };
  },
};

function text(value: unknown, field: ImportColumn, longest: number): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string" && typeof value !== "number") throw new Refusal(field, "It is no text");
  const trimmed = String(value).trim();
  // deno-lint-ignore no-control-regex -- Postgres takes no NUL, and nobody means to sell one.
  if (/\u0000/.test(trimmed)) throw new Refusal(field, "It has a character in it that no text can have");
  if (trimmed.length > longest) throw new Refusal(field, `It is longer than ${longest} characters`);
  return trimmed === "" ? undefined : trimmed;
}

function requiredText(value: unknown, field: ImportColumn, longest: number): string {
  const known = text(value, field, longest);
  if (known === undefined) throw new Refusal(field, "It is empty");
  return known;
}

function wholeNumber(value: unknown, field: ImportColumn, most: number): number {
  const digits = requiredText(value, field, 20).replace(/^(\d{1,3})([ '.,]\d{3})+$/, (all) => all.replace(/\D/g, ""));
  if (!/^\d{1,10}$/.test(digits) || Number(digits) > most) {
    throw new Refusal(field, `'${String(value)}' is no whole number`);
  }
  return Number(digits);
}

function list(value: unknown, field: ImportColumn): string[] {
  const words = Array.isArray(value) ? value : (text(value, field, 2_000) ?? "").split(/[,;|]/);
  return words.map((word) => text(word, field, 100)).filter((word) => word !== undefined);
}
