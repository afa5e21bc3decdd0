import type { SqlTag } from "../../db/database.ts";
import type { ColumnSnapshot } from "../../schema/snapshot.ts";
import { readJsonMembers } from "../ledger/readJsonMembers.ts";
import type { Rescue } from "../ledger/rescue.ts";
import { rowKeyText } from "../ledger/rowKeyText.ts";
import type { KeptRow } from "./readKeptRow.ts";

/** A value that has left its column. */
export interface LeftValue {
  readonly key: string;
  /** As it was sent. */
  readonly text: string;
  /** The row before. */
  readonly row: KeptRow;
  readonly column: ColumnSnapshot;
}

/** Puts a value back among a record's open fields; the payload's text stays the same to the letter. */
export async function setAsideAgain(sql: SqlTag, rescue: Rescue, { key, text, row, column }: LeftValue): Promise<void> {
  const texts = new Map([...readJsonMembers(rescue.rescuedText), [key, text] as const]);
  const parts = rescue.shape.parts.map((part) => part.key === key ? { key, isRescued: true } as const : part);
  const members = parts.flatMap((part) =>
    "isRescued" in part ? [`${JSON.stringify(part.key)}:${texts.get(part.key)}`] : []
  );
  await sql`
    update resilience.rescued_fields set fields = ${`{${members.join(",")}}`}, shape = ${
    JSON.stringify({ ...rescue.shape, parts })
  }, open_fields = open_fields || ${JSON.stringify(key)}::text, replayed_at = null
    where id = ${rescue.id}::uuid`;
  if (row.table.constraints.some(({ kind }) => kind === "primary key")) return;
  // Where all columns together are the key, the row has another one now.
  const { [column.name]: _left, ...others } = rescue.rowKey!;
  await sql`
    update resilience.rescued_fields set row_key = (
      select ${rowKeyText(others)}::text::jsonb || jsonb_build_object(${column.name}::text, null))
    where table_oid = ${rescue.table.oid}::bigint and row_key = ${rowKeyText(rescue.rowKey!)}::text::jsonb`;
}
