import type { Row, TableRef } from "../../connect/connector.ts";
import type { HealingKernel } from "../client/healingDeps.ts";
import type { ReconstructTarget } from "../client/operatorReports.ts";
import type { ReconstructedRow } from "../client/resilientDb.ts";
import { tableName } from "../client/tableName.ts";
import { findTable } from "../diagnosis/findTable.ts";
import { rowKeyOf } from "../landing/ledgerRecords.ts";
import { exactJson } from "../ledger/exactJson.ts";
import { parseExactJson } from "../ledger/parseExactJson.ts";
import type { NotedRow } from "../ledger/notedRows.ts";
import type { Rescue } from "../ledger/rescue.ts";
import { findTableNow } from "../plan/findTableNow.ts";
import { findHeal } from "./findHeal.ts";
import { formerRowKeys } from "./formerRowKeys.ts";
import { tableOfHealedRow } from "./healedRows.ts";
import { OperatorRefusal } from "./operatorRefusal.ts";
import { readKeptRow } from "./readKeptRow.ts";
import { reconstructKept } from "./reconstructKept.ts";

/** What a payload is rebuilt from, besides its row. */
type RowRecord = Pick<Rescue, "table" | "rowKey" | "shape" | "rescuedText">;

/** Rows a call rebuilds at most. */
const mostRows = 100;

/**
 * Rebuilds payloads: of every row of a heal's plan, or all that were written to one row, the newest first. A row that the
 * ledger has no record of told by itself what was sent: its columns as they are now, not said to be exact, since which
 * of them were sent nobody has written down.
 */
export async function reconstructRows(
  kernel: HealingKernel,
  target: string | ReconstructTarget | Row,
): Promise<ReconstructedRow[]> {
  const { ledger, database, schema, planning: { history } } = kernel;
  const known = await schema.latest();
  if (typeof target === "string") {
    const { planId } = await findHeal(ledger, target);
    const rescues = await ledger.listRescued({ healingIds: [planId], limit: mostRows });
    return await rebuild(newestFirst(rescues, await ledger.listNoted({ healingId: planId, limit: mostRows })));
  }
  const { ref, row } = placeOf(target);
  const table = findTable(known.snapshot, ref) ?? (await findTableNow(ref, known, history))?.table;
  if (table === undefined) {
    throw new OperatorRefusal("NOT_FOUND", `Cannot find table "${ref.schema}.${ref.name}"`);
  }
  const rowKey = rowKeyOf(row, table);
  const hasKey = table.constraints.some(({ kind }) => kind === "primary key");
  if (hasKey && Object.values(rowKey).includes(null)) {
    throw new OperatorRefusal("INVALID_CALL", `Cannot find the row without its key: ${Object.keys(rowKey).join(", ")}`);
  }
  const past = await history.columnPast(table.oid, known.version);
  const records: RowRecord[] = [];
  for (const key of formerRowKeys(rowKey, table, past)) {
    const filter = { tableOid: table.oid, rowKey: key, limit: mostRows - records.length };
    records.push(...newestFirst(await ledger.listRescued(filter), await ledger.listNoted(filter)));
    if (records.length >= mostRows) break;
  }
  if (records.length > 0) return await rebuild(records);
  const { oid } = table;
  const shape = { parts: [], fingerprint: "" };
  const kept = await database.transaction((sql) => readKeptRow(sql, { table: { oid, ...ref }, rowKey, shape }, known));
  const payload = kept?.forms[0];
  return payload === undefined ? [] : [{ payload, text: exactJson(payload), isExact: false }];

  async function rebuild(rescues: readonly RowRecord[]): Promise<ReconstructedRow[]> {
    return await database.transaction(async (sql) => {
      const rows: ReconstructedRow[] = [];
      for (const rescue of rescues) {
        const kept = await readKeptRow(sql, rescue, known);
        const rebuilt = reconstructKept(rescue, kept ?? { forms: [{}] });
        if (rebuilt !== undefined) rows.push({ ...rebuilt, payload: parseExactJson(rebuilt.text) as Row });
      }
      return rows;
    });
  }

  function placeOf(given: ReconstructTarget | Row): { ref: TableRef; row: Row } {
    const told = tableOfHealedRow(given as Row);
    if (told !== undefined) return { ref: told, row: given as Row };
    const { table, row } = given as Partial<ReconstructTarget>;
    if (typeof table === "string" && typeof row === "object" && row !== null) return { ref: tableName(table), row };
    throw new OperatorRefusal(
      "INVALID_CALL",
      "Cannot tell the row's table as its write was not healed: give { table, row }",
    );
  }
}

/** Two lists, each the newest first, as one. */
function newestFirst(rescues: readonly Rescue[], noted: readonly NotedRow[]): RowRecord[] {
  const dated = [
    ...rescues.map((record) => ({ at: record.rescuedAt, record })),
    ...noted.map((row) => ({ at: row.notedAt, record: { ...row, rescuedText: "{}" } })),
  ];
  return dated.sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, mostRows).map(({ record }) => record);
}
