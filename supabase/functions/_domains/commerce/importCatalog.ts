import type * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { ImportCatalogInput, ImportCatalogOutput, mostListed, type RowReport } from "./catalog/catalogSchemas.ts";
import { catalogColumns, type HeaderMeaning, readHeaders } from "./catalog/catalogColumns.ts";
import { planImport, skusOf } from "./catalog/planImport.ts";
import { readCatalog } from "./catalog/readCatalog.ts";
import { readGround } from "./catalog/readGround.ts";
import { writeImport } from "./catalog/writeImport.ts";

export { ImportCatalogInput, ImportCatalogOutput };

type Output = z.input<typeof ImportCatalogOutput>;

/** Imports a vendor's catalog: every row has its own fate, and the same catalog again changes nothing. */
export async function importCatalog(
  input: z.output<typeof ImportCatalogInput>,
  ctx: Pick<RequestContext, "db">,
): Promise<Output> {
  const { vendorId, dryRun } = input;
  const catalog = readCatalog(input);
  const meanings = readHeaders(catalog.headers);
  checkHeaders(meanings);
  const ground = await readGround(ctx.db, vendorId, skusOf(catalog, meanings));
  if (ground === undefined) {
    // The same words whether there is no such vendor or it is somebody else's.
    throw new AppError("not_found", "Cannot import the catalog as the caller acts for no such vendor");
  }
  const { planned, settled } = planImport(catalog, { ...ground, meanings });
  const written: RowReport[] = dryRun
    ? planned.map(({ row, sku, status }) => ({ row, sku, status }))
    : await writeImport(ctx.db, vendorId, planned);
  const reports = [...settled, ...written].sort((one, other) => one.row - other.row);
  const count = (status: RowReport["status"]) => reports.filter((report) => report.status === status).length;
  const told = reports.length <= mostListed
    ? reports
    : reports.filter(({ status }) => status === "healed" || status === "rejected");
  const known: readonly string[] = catalogColumns;
  return {
    isDryRun: dryRun,
    totals: {
      created: count("created"),
      updated: count("updated"),
      unchanged: count("unchanged"),
      healed: count("healed"),
      rejected: count("rejected"),
    },
    headers: [...meanings].map(([header, meaning]) => ({ header, column: known.includes(meaning) ? meaning : null })),
    rows: told.slice(0, mostListed),
  };
}

/** Whose products these are is the caller's membership to say, and without a SKU no product is known again. */
function checkHeaders(meanings: ReadonlyMap<string, HeaderMeaning>): void {
  const foreign = [...meanings].filter(([, meaning]) => meaning === "refused").map(([path]) => ({
    path,
    code: "refused_header",
    message: "Must not say whose products these are",
  }));
  const hasSku = [...meanings.values()].includes("sku");
  const issues = hasSku
    ? foreign
    : [...foreign, { path: "sku", code: "missing_header", message: "Must have a column of SKUs" }];
  if (issues.length > 0) {
    throw new AppError("invalid_input", "Cannot import the catalog as its headers do not fit", { details: { issues } });
  }
}
