import type { Row } from "../../connect/connector.ts";
import { fingerprintOf } from "../ledger/payloadShape.ts";
import { rowKeyText } from "../ledger/rowKeyText.ts";
import type { Writer } from "../ledger/heal.ts";
import type { LandedRecord } from "../ledger/rescue.ts";
import type { PreparedWrite } from "../plan/prepareWrite.ts";
import type { WritePlan } from "../plan/writePlan.ts";
import { recordOf, type RecordsContext, rowKeyOf } from "./ledgerRecords.ts";
import type { NoteJournal } from "./noteJournal.ts";
import { type RenamedShape, renamedShapeOf, toldText } from "./renamedShape.ts";
import type { SentWrite } from "./sendWrite.ts";

/**
 * Notes rows that have landed as one statement: they alone do not tell under which names their values came. Of a row that
 * tells the values, key and fingerprint are noted; any other has a record of its own. They are written down
 * later, under the rights of the kernel: `writer` says whose rights the rows were judged by.
 */
export function noteRows(
  journal: Pick<NoteJournal, "note" | "add">,
  prepared: PreparedWrite,
  { rows, places }: SentWrite,
  context: RecordsContext,
  writer?: Writer,
): void {
  const { plan } = prepared;
  const table = plan.snapshot;
  if (table === undefined || places === undefined || prepared.call.rows.length === 0) return;
  const records: LandedRecord[] = [];
  rows.forEach((landed, at) => {
    const place = places[at]!;
    const { payload } = prepared.rows[place]!;
    const renamed = renamedShapeOf(plan, payload);
    if (renamed !== undefined && noteTold(journal, renamed, plan, payload, landed, writer)) return;
    const record = recordOf(prepared, place, landed, context);
    if (record !== undefined) records.push(writer === undefined ? record : { ...record, writer });
  });
  journal.add(records);
}

/** Notes a row that tells the values of its payload; false where it does not. */
export function noteTold(
  journal: Pick<NoteJournal, "note">,
  shape: RenamedShape,
  { snapshot }: Pick<WritePlan, "snapshot">,
  payload: Row,
  landed: Row,
  writer?: Writer,
): boolean {
  const text = toldText(shape, payload, landed);
  if (text === undefined) return false;
  const key = plainKeyText(shape, landed) ?? rowKeyText(rowKeyOf(landed, snapshot!));
  journal.note(shape.noted, key, fingerprintOf(text), writer?.role);
  return true;
}

/** The key's text where it is one column of digits and such, as most are: the same text in a fraction of the time. */
function plainKeyText({ plainKey }: RenamedShape, landed: Row): string | undefined {
  if (plainKey === undefined) return undefined;
  const value = landed[plainKey.column];
  const isPlain = typeof value === "number" || (typeof value === "string" && /^[\w-]*$/.test(value));
  return isPlain ? `{${plainKey.label}"${value}"}` : undefined;
}
