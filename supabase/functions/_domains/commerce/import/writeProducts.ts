import type { BatchReport } from "../../../_shared/healing/client/batchReport.ts";
import type { ResilientDbError } from "../../../_shared/healing/client/resilientDbError.ts";
import type { CallerDb } from "../../../_shared/http/callerDb.ts";
import type { ImportStatus } from "./importSchemas.ts";
import type { RowError } from "./readProductRow.ts";
import type { UploadedRow } from "./readUpload.ts";

/** What became of a row that was written. */
export interface WrittenRow {
  readonly place: number;
  readonly status: ImportStatus;
  readonly error?: RowError;
}

const atOnce = 500;

/** Writes products under the caller's rights. Headers that nobody knows are healed, or their values set aside. */
export async function writeProducts(
  db: CallerDb,
  vendorId: string,
  uploaded: readonly UploadedRow[],
  status: "created" | "updated",
): Promise<WrittenRow[]> {
  if (uploaded.length === 0) return [];
  const rows = uploaded.map(({ row }) => ({ ...row, vendor_id: vendorId }));
  if (status === "created") return ofBatch(uploaded, await db.batch("products", rows));
  const written: WrittenRow[] = [];
  for (let from = 0; from < rows.length; from += atOnce) {
    written.push(...await updateSome(db, uploaded.slice(from, from + atOnce), rows.slice(from, from + atOnce)));
  }
  return written;
}

/** Those of one file have the same columns, mostly; one that is refused is found by halving. */
async function updateSome(
  db: CallerDb,
  uploaded: readonly UploadedRow[],
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<WrittenRow[]> {
  const { error, healing } = await db.upsert("products", rows, { onConflict: ["vendor_id", "sku"], deadLetter: false });
  if (error === null) {
    return uploaded.map(({ place }) => ({ place, status: healing.length > 0 ? "healed" : "updated" }));
  }
  if (rows.length === 1) return [{ place: uploaded[0]!.place, status: "rejected", error: told(error) }];
  const half = Math.ceil(rows.length / 2);
  return [
    ...await updateSome(db, uploaded.slice(0, half), rows.slice(0, half)),
    ...await updateSome(db, uploaded.slice(half), rows.slice(half)),
  ];
}

function ofBatch(uploaded: readonly UploadedRow[], report: BatchReport): WrittenRow[] {
  return report.rows.map(({ index, fate, error }) => {
    const { place } = uploaded[index]!;
    if (fate === "applied") return { place, status: "created" };
    if (fate === "healed" || fate === "rescued") return { place, status: "healed" };
    return { place, status: "rejected", error: told(error) };
  });
}

/** By its code: a driver's words are not for vendors. */
function told(error: ResilientDbError | undefined): RowError {
  return {
    code: error?.code ?? "refused",
    field: error?.column ?? error?.constraint ?? "",
    message: error?.constraint ? `It breaks the rule '${error.constraint}'` : "The database refuses the row",
  };
}
