import { fingerprintOf } from "../ledger/payloadShape.ts";
import { rowKeyText } from "../ledger/rowKeyText.ts";
import type { RescueRecord } from "../ledger/rescue.ts";
import type { PreparedWrite } from "../plan/prepareWrite.ts";
import { recordOf, type RecordsContext, rowKeyOf } from "./ledgerRecords.ts";
import type { NoteJournal } from "./noteJournal.ts";
import { renamedShapeOf, toldText } from "./renamedShape.ts";
import type { SentWrite } from "./sendWrite.ts";

/**
 * Notes rows that have landed as one statement: they alone do not tell under which names their values came. Of a row that
 * tells the values, key and fingerprint are noted; any other has a record of its own.
 */
export function noteRows(
  journal: Pick<NoteJournal, "note" | "add">,
  prepared: PreparedWrite,
  { rows, places }: SentWrite,
  context: RecordsContext,
): void {
  const { plan } = prepared;
  const table = plan.snapshot;
  if (table === undefined || places === undefined || prepared.call.rows.length === 0) return;
  const records: RescueRecord[] = [];
  rows.forEach((landed, at) => {
    const place = places[at]!;
    const { payload } = prepared.rows[place]!;
    const renamed = renamedShapeOf(plan, payload);
    const text = renamed && toldText(renamed, payload, landed);
    if (text !== undefined) {
      journal.note(renamed!.noted, rowKeyText(rowKeyOf(landed, table)), fingerprintOf(text));
      return;
    }
    const record = recordOf(prepared, place, landed, context);
    if (record !== undefined) records.push(record);
  });
  journal.add(records);
}
