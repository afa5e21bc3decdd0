import type { CatalogColumn } from "./catalogColumns.ts";
import { readPrice } from "./readPrice.ts";

/** Why a row was refused. */
export interface RowError {
  readonly code: "missing" | "invalid" | "duplicate" | "refused";
  readonly field: string;
  readonly message: string;
}

/** A product as the market keeps it; text of numbers as Postgres writes it. */
export type ProductValues = Readonly<Record<string, string | number | readonly (string | number)[] | null>>;

/** What a new product has where the catalog does not say. */
export const productDefaults: ProductValues = {
  description: "",
  brand: null,
  attributes: [],
  currency: "EUR",
  unit: "piece",
  unit_size: "1.000",
  season_months: [],
  stock: 0,
  freshness_days: null,
  status: "active",
  expires_at: null,
};

const units: Readonly<Record<string, string>> = {
  ...{
    piece: "piece",
    pieces: "piece",
    pc: "piece",
    pcs: "piece",
    each: "piece",
    stk: "piece",
    stueck: "piece",
    kg: "kg",
  },
  ...{ g: "g", gram: "g", grams: "g", l: "l", liter: "l", litre: "l", ml: "ml", gallon: "gallon", gal: "gallon" },
  ...{ dozen: "dozen", bunch: "bunch", bund: "bunch", box: "box", kiste: "box" },
};

type Reader = (value: unknown, categories: ReadonlyMap<string, string>) => ProductValues | string;

const text = (column: string, longest: number): Reader => (value) => {
  const said = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  if (typeof said !== "string" || said.includes("\0")) return "Must be text";
  const trimmed = said.trim();
  return [...trimmed].length <= longest ? { [column]: trimmed } : `Must have ${longest} characters at most`;
};

const whole = (column: string, least: number, most: number): Reader => (value) => {
  const said = typeof value === "string" ? value.trim() : value;
  const number = typeof said === "number" || (typeof said === "string" && /^\d{1,10}$/.test(said)) ? Number(said) : NaN;
  if (Number.isInteger(number) && number >= least && number <= most) return { [column]: number };
  return `Must be a whole number from ${least} to ${most}`;
};

const words = (value: unknown): string[] | undefined => {
  const list = typeof value === "string" ? value.split(/[,;|]/) : value;
  if (!Array.isArray(list) || list.some((each) => typeof each !== "string" && typeof each !== "number")) {
    return undefined;
  }
  return [...new Set(list.map((each) => String(each).trim()).filter((each) => each !== ""))];
};

const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const monthOf = (word: string) =>
  /^\d+$/.test(word) ? Number(word) : monthNames.indexOf(word.slice(0, 3).toLowerCase()) + 1;

const slug = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "");

const readers: Readonly<Record<CatalogColumn, Reader>> = {
  sku: text("sku", 100),
  name: text("name", 200),
  description: text("description", 10_000),
  brand: text("brand", 100),
  category: (value, categories) => {
    const id = typeof value === "string" ? categories.get(value.trim().toLowerCase()) : undefined;
    return id === undefined ? "Must be the slug or the name of a category" : { category_id: id };
  },
  attributes: (value) => {
    const slugs = words(value)?.map(slug);
    if (slugs === undefined || slugs.length > 40 || slugs.some((each) => each === "" || each.length > 100)) {
      return "Must be 40 words at most, such as organic, vegan";
    }
    return { attributes: [...new Set(slugs)] };
  },
  price: (value) => {
    const reading = readPrice(value);
    return "reason" in reading ? reading.reason : reading;
  },
  currency: (value) => {
    const code = typeof value === "string" ? value.trim().toUpperCase() : "";
    return /^[A-Z]{3}$/.test(code) ? { currency: code } : "Must be a code of three letters, such as EUR";
  },
  unit: (value) => {
    const unit = typeof value === "string" ? units[value.trim().toLowerCase().replace(/\.$/, "")] : undefined;
    return typeof unit === "string" ? { unit } : "Must be a known unit, such as piece, kg, g, l or ml";
  },
  unit_size: (value) => {
    const said = String(value).trim().replace(",", ".");
    const found = /^0*(\d{1,7})(?:\.(\d{1,3}?)0*)?$/.exec(said);
    if (found === null || !(Number(said) > 0)) return "Must be a size above 0 with three decimal places at most";
    return { unit_size: `${found[1]}.${(found[2] ?? "").padEnd(3, "0")}` };
  },
  season_months: (value) => {
    const months = words(value)?.map(monthOf);
    if (months === undefined || !months.every((month) => Number.isInteger(month) && month >= 1 && month <= 12)) {
      return "Must be months from 1 to 12";
    }
    return { season_months: months.sort((one, other) => one - other) };
  },
  stock: whole("stock", 0, 2_147_483_647),
  freshness_days: whole("freshness_days", 1, 32_767),
  status: (value) => value === "active" || value === "hidden" ? { status: value } : "Must be active or hidden",
  expires_at: (value) => {
    const said = typeof value === "string" ? value.trim() : "";
    const isDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(said);
    const at = isDate ? new Date(said) : new Date(NaN);
    // JavaScript takes the 31st of April for the 1st of May.
    const day = new Date(`${said.slice(0, 10)}T00:00:00Z`);
    if (
      Number.isNaN(at.getTime()) || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== said.slice(0, 10)
    ) {
      return "Must be a date such as 2026-12-24";
    }
    return { expires_at: at.toISOString() };
  },
};

/** A catalog's row as values of columns; or the first reason why not. What is empty is not said. */
export function readCatalogRow(
  fields: Iterable<readonly [CatalogColumn, unknown]>,
  categories: ReadonlyMap<string, string>,
): { readonly values: ProductValues } | { readonly error: RowError } {
  const values: Record<string, ProductValues[string]> = {};
  for (const [column, value] of fields) {
    if (value === null || value === undefined || (typeof value === "string" && value.trim() === "")) continue;
    const read = readers[column](value, categories);
    if (typeof read === "string") {
      return { error: { code: "invalid", field: column, message: read } };
    }
    for (const [name, said] of Object.entries(read)) {
      if (name === "currency" && values.currency !== undefined && values.currency !== said) {
        return { error: { code: "invalid", field: column, message: "Must be in the currency that the row names" } };
      }
      values[name] = said;
    }
  }
  return { values };
}
