import { AppError } from "../../../_shared/errors/appError.ts";
import type { CallerDb } from "../../../_shared/http/callerDb.ts";
import type { RequestContext } from "../../../_shared/http/context.ts";
import { isUnchanged, neededColumns, type StandingProduct } from "./comparePlan.ts";
import type { ImportInput, ImportOutput, ImportStatus } from "./importSchemas.ts";
import type { ProductRow, RowError } from "./readProductRow.ts";
import { readUpload, type UploadedRow } from "./readUpload.ts";
import { writeProducts } from "./writeProducts.ts";

/** Takes a vendor's catalog: thousands of rows, each judged by itself, and told of by itself. */
export async function importCatalog(input: ImportInput, { db }: Pick<RequestContext, "db">): Promise<ImportOutput> {
  const { vendorId, dryRun } = input;
  const { categories, standing } = await readStanding(db, vendorId);
  const { headers, rows } = readUpload(input, categories);
  const results = new Map<number, { status: ImportStatus; error?: RowError }>();
  const created: UploadedRow[] = [];
  const updated: UploadedRow[] = [];
  for (const uploaded of rows) {
    const { place, row, error } = uploaded;
    const kept = row === undefined ? undefined : standing.get(row.sku);
    const lack = row === undefined || kept !== undefined ? undefined : lackOf(row);
    if (row === undefined) results.set(place, { status: "rejected", error: error! });
    else if (lack !== undefined) results.set(place, { status: "rejected", error: lack });
    else if (kept === undefined) created.push(uploaded);
    else if (isUnchanged(row, kept)) results.set(place, { status: "unchanged" });
    else updated.push({ ...uploaded, row: completed(row, kept) });
  }
  for (const [list, status] of [[created, "created"], [updated, "updated"]] as const) {
    const written = dryRun
      ? list.map(({ place }) => ({ place, status }))
      : await writeProducts(db, vendorId, list, status);
    for (const { place, ...result } of written) results.set(place, result);
  }
  return toReport(rows, results, dryRun, headers);
}

/** What is there, in one round trip; whoever does not act for the vendor is not told whether there is one. */
async function readStanding(db: CallerDb, vendorId: string) {
  const [found] = await db.sql<{ is_member: boolean; categories: Record<string, string>; products: StandingProduct[] }>`
    select ${vendorId}::uuid = any (commerce.my_vendors()) as is_member,
      (select jsonb_object_agg(lower(c.name), c.id) || jsonb_object_agg(c.slug, c.id) from public.categories c) as categories,
      (select coalesce(jsonb_agg(to_jsonb(p)), '[]') from public.products p
        where p.vendor_id = ${vendorId}::uuid and ${vendorId}::uuid = any (commerce.my_vendors())) as products`;
  if (found?.is_member !== true) {
    throw new AppError("not_found", "Cannot import the catalog as the caller acts for no such vendor");
  }
  return {
    categories: new Map(Object.entries(found.categories ?? {})),
    standing: new Map(found.products.map((product) => [String(product.sku), product])),
  };
}

/** Postgres checks a row as a new one before it finds that it is none: what new ones need goes along as it stands. */
function completed(row: ProductRow, kept: StandingProduct): ProductRow {
  return { ...Object.fromEntries(neededColumns.map((column) => [column, kept[column]])), ...row };
}

function lackOf(row: ProductRow): RowError | undefined {
  const field = neededColumns.find((column) => row[column] === undefined);
  if (field === undefined) return undefined;
  return { code: "missing", field: field.replace("_id", ""), message: "A new product needs it" };
}

const mostToldRows = 500;

function toReport(
  rows: readonly UploadedRow[],
  results: ReadonlyMap<number, { status: ImportStatus; error?: RowError }>,
  isDryRun: boolean,
  { mapped, unknown }: { mapped: ReadonlyMap<string, string>; unknown: readonly string[] },
): ImportOutput {
  const totals = { created: 0, updated: 0, unchanged: 0, healed: 0, rejected: 0 };
  const told = rows.map(({ place, sku }) => {
    const { status, error } = results.get(place)!;
    totals[status]++;
    return { row: place, sku, status, ...(error === undefined ? {} : { error }) };
  });
  const notable = told.filter(({ status }) => status === "rejected" || status === "healed");
  return {
    isDryRun,
    totals,
    headers: [
      ...[...mapped].map(([header, column]) => ({ header, column })),
      ...unknown.map((header) => ({ header, column: null })),
    ],
    rows: told.length <= mostToldRows ? told : notable.slice(0, mostToldRows),
  };
}
