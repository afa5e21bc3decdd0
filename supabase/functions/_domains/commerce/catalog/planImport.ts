import { canonicalJson, isStorable } from "./canonicalJson.ts";
import type { CatalogColumn, HeaderMeaning } from "./catalogColumns.ts";
import type { SentCatalog } from "./readCatalog.ts";
import { productDefaults, type ProductValues, readCatalogRow, type RowError } from "./readCatalogRow.ts";

/** A row that is to be written. */
export interface PlannedRow {
  /** Counted from 1. */
  readonly row: number;
  readonly sku: string;
  readonly status: "created" | "updated";
  readonly values: ProductValues;
  /** What a product must have and no header names, of the product that is there. */
  readonly fill: ProductValues;
  /** What no header is known for: healing may find a column. */
  readonly unknown: Readonly<Record<string, unknown>>;
  /** All that is no column's, as it was sent. */
  readonly extras: Readonly<Record<string, unknown>>;
}

/** A row that is not. */
export interface SettledRow {
  readonly row: number;
  readonly sku: string | null;
  readonly status: "unchanged" | "rejected";
  readonly error?: RowError;
}

/** A product as it is: its columns, and what is kept beside it. */
export interface KnownProduct {
  readonly values: ProductValues;
  readonly extras: Readonly<Record<string, unknown>> | null;
}

/** What an import knows of the market. */
export interface ImportGround {
  readonly meanings: ReadonlyMap<string, HeaderMeaning>;
  /** Ids by slug, and by name in lower case. */
  readonly categories: ReadonlyMap<string, string>;
  readonly products: ReadonlyMap<string, KnownProduct>;
}

const required = ["name", "price", "category_id"];
const isSaid = (value: unknown) => value !== null && value !== undefined && value !== "";

/** The SKUs that a catalog names. */
export function skusOf({ rows }: SentCatalog, meanings: ImportGround["meanings"]): string[] {
  const header = [...meanings].find(([, meaning]) => meaning === "sku")?.[0];
  if (header === undefined) return [];
  const skus = rows.map((row) => row[header]).filter((sku) => typeof sku === "string" || typeof sku === "number");
  return [...new Set(skus.map((sku) => String(sku).trim()))].filter((sku) => isStorable(sku) && sku.length <= 100);
}

/** Decides about every row of a catalog by itself: what is to be written, and what not. */
export function planImport(
  catalog: SentCatalog,
  ground: ImportGround,
): { planned: PlannedRow[]; settled: SettledRow[] } {
  const seen = new Set<string>();
  const planned: PlannedRow[] = [];
  const settled: SettledRow[] = [];
  const said = new Set<string>();
  const read = catalog.rows.map((row) => readRow(row, ground));
  for (const each of read) if ("values" in each) { for (const column of Object.keys(each.values)) said.add(column); }
  const mayHeal = [...ground.meanings.values()].includes("unknown");
  for (const [place, each] of read.entries()) {
    const row = place + 1;
    const reject = (sku: string | null, error: RowError) => settled.push({ row, sku, status: "rejected", error });
    if ("error" in each) {
      reject(each.sku, each.error);
      continue;
    }
    const { sku, unknown, extras } = each;
    if (seen.has(sku)) {
      reject(sku, { code: "duplicate", field: "sku", message: "Must be there once: an earlier row has it" });
      continue;
    }
    seen.add(sku);
    const known = ground.products.get(sku);
    const lacking = known === undefined
      ? required.find((column) =>
        each.values[column] === undefined && !(mayHeal && !said.has(column) && column !== "category_id")
      )
      : undefined;
    if (lacking !== undefined) {
      const field = lacking === "category_id" ? "category" : lacking;
      reject(sku, { code: "missing", field, message: "Must be given for a product that is new" });
      continue;
    }
    const base = known?.values ?? productDefaults;
    // All rows say the same columns: what one leaves empty stays as it is.
    const values: Record<string, ProductValues[string]> = {};
    for (const column of said) {
      const value = each.values[column] ?? base[column];
      if (value !== undefined) values[column] = value;
    }
    const fill = Object.fromEntries(
      known === undefined
        ? []
        : required.filter((column) => !said.has(column)).map((column) => [column, base[column]!]),
    );
    const isSame = known !== undefined &&
      Object.entries(values).every(([column, value]) => canonicalJson(value) === canonicalJson(known.values[column])) &&
      (Object.keys(extras).length === 0 || canonicalJson(extras) === canonicalJson(known.extras));
    if (isSame) settled.push({ row, sku, status: "unchanged" });
    else planned.push({ row, sku, status: known === undefined ? "created" : "updated", values, fill, unknown, extras });
  }
  return { planned, settled };
}

type ReadRow =
  | Pick<PlannedRow, "sku" | "values" | "unknown" | "extras">
  | { readonly sku: string | null; readonly error: RowError };

function readRow(row: SentCatalog["rows"][number], { meanings, categories }: ImportGround): ReadRow {
  const fields: [CatalogColumn, unknown][] = [];
  const unknown: Record<string, unknown> = {};
  const extras: Record<string, unknown> = {};
  let error: RowError | undefined;
  for (const [header, value] of Object.entries(row)) {
    const meaning = meanings.get(header) as Exclude<HeaderMeaning, "refused">;
    if (!isSaid(value)) continue;
    if (!isStorable(value) || !isStorable(header)) {
      error ??= { code: "invalid", field: header, message: "Must be text that the database can keep" };
    } else if (meaning === "unknown" || meaning === "guarded") {
      if (meaning === "unknown") unknown[header] = value;
      extras[header] = value;
    } else fields.push([meaning, value]);
  }
  if (error === undefined && JSON.stringify(extras).length > 60_000) {
    error = { code: "invalid", field: Object.keys(extras)[0]!, message: "Must be smaller: 60000 characters at most" };
  }
  const read = readCatalogRow(fields, categories);
  const said = fields.find(([column]) => column === "sku")?.[1];
  const name = typeof said === "string" || typeof said === "number" ? String(said).trim().slice(0, 100) : null;
  if (error !== undefined) return { sku: name, error };
  if ("error" in read) return { sku: name, error: read.error };
  const { sku, ...values } = read.values;
  if (typeof sku !== "string") return { sku: null, error: { code: "invalid", field: "sku", message: "Must be given" } };
  return { sku, values, unknown, extras };
}
