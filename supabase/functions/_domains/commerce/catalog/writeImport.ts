import type { Row } from "../../../_shared/connect/connector.ts";
import { answerOf } from "../../../_shared/healing/client/answerOf.ts";
import { ResilientDbError } from "../../../_shared/healing/client/resilientDbError.ts";
import type { RequestContext } from "../../../_shared/http/context.ts";
import type { RowReport } from "./catalogSchemas.ts";
import type { PlannedRow } from "./planImport.ts";

const atOnce = 500;
/** How many statements may be spent on finding the rows that the database refuses. */
const mostRetries = 100;

type Db = Pick<RequestContext["db"], "transaction">;
/**
 * `bare`: unknown headers may be what products must have (`prodct name`). `filled`: they are something else. `plain`: without
 * them, as what healing makes of them does not land; they are kept beside the products, and that is all.
 */
const ways = ["bare", "filled", "plain"] as const;
type Way = (typeof ways)[number];

/**
 * Writes rows, a transaction a chunk; where one fails, it is looked for, and costs its neighbours nothing. In the order of SKUs, so
 * that two imports of one vendor do not wait for each other crosswise.
 */
export async function writeImport(db: Db, vendorId: string, rows: readonly PlannedRow[]): Promise<RowReport[]> {
  const reports: RowReport[] = [];
  let retries = mostRetries;
  const write = async (chunk: readonly PlannedRow[], way: Way): Promise<void> => {
    const failure = await writeChunk(db, vendorId, chunk, way);
    if (failure === undefined) {
      for (const { row, sku, status, extras } of chunk) {
        reports.push({ row, sku, status: Object.keys(extras).length > 0 ? "healed" : status });
      }
    } else if (way !== "plain" && retries-- > 0) {
      await write(chunk, ways[ways.indexOf(way) + 1]!);
    } else if (chunk.length > 1 && retries > 0) {
      retries -= 2;
      const middle = Math.ceil(chunk.length / 2);
      await write(chunk.slice(0, middle), way);
      await write(chunk.slice(middle), way);
    } else {
      const field = failure.column ?? failure.constraint ?? "sku";
      const message = "Cannot be written as the database refuses it";
      for (const { row, sku } of chunk) {
        reports.push({ row, sku, status: "rejected", error: { code: "refused", field, message } });
      }
    }
  };
  const ordered = rows.toSorted((one, other) => one.sku < other.sku ? -1 : 1);
  const byShape = Map.groupBy(ordered, (row) => `${Object.keys(row.values)} ${Object.keys(row.unknown).length > 0}`);
  for (const group of byShape.values()) {
    const way = Object.keys(group[0]!.unknown).length > 0 ? "bare" : "plain";
    for (let from = 0; from < group.length; from += atOnce) await write(group.slice(from, from + atOnce), way);
  }
  return reports;
}

/** Writes a chunk as a whole, or not; gives why not, where that is the rows' fault. */
async function writeChunk(
  db: Db,
  vendorId: string,
  chunk: readonly PlannedRow[],
  way: Way,
): Promise<ResilientDbError | undefined> {
  const headers = way === "plain" ? [] : [...new Set(chunk.flatMap(({ unknown }) => Object.keys(unknown)))];
  const products = chunk.map(({ sku, values, fill, unknown }): Row =>
    ({
      vendor_id: vendorId,
      sku,
      ...values,
      ...(way !== "bare" ? fill : "category_id" in fill ? { category_id: fill.category_id } : {}),
      ...Object.fromEntries(headers.map((header) => [header, unknown[header] ?? null])),
    }) as Row
  );
  const beside = chunk.filter(({ extras }) => Object.keys(extras).length > 0)
    .map(({ sku, extras }): Row => ({ vendor_id: vendorId, sku, extras }) as Row);
  const onConflict = ["vendor_id", "sku"];
  const { error } = await db.transaction(async (tx) => {
    answerOf(await tx.upsert("products", products, { onConflict }));
    if (beside.length > 0) answerOf(await tx.upsert("commerce.catalog_extras", beside, { onConflict }));
  });
  if (error === null) return undefined;
  // Classes 22, 23 and 42501: what a row says, or what it asks for. All else is no row's fault.
  if (error.isOutcomeUnknown || !/^(22|23|42501|42703|PGRST204)/.test(error.code)) throw error;
  return error;
}
