import type { Row } from "../../connect/connector.ts";
import type { ColumnPast } from "../../schema/columnPast.ts";
import type { TableSnapshot } from "../../schema/snapshot.ts";

/** A key whose columns have had so many names is looked for under some of them only. */
const mostKeys = 32;

/** A row's key under every name that its columns have had, first under those of now: records name a row by the names of their time. */
export function formerRowKeys(rowKey: Row, { columns }: Pick<TableSnapshot, "columns">, past: ColumnPast): Row[] {
  let keys: Row[] = [{}];
  for (const [name, value] of Object.entries(rowKey)) {
    const attnum = columns.find((column) => column.name === name)?.attnum;
    const names = [name, ...attnum === undefined ? [] : past.namesOf(attnum)];
    keys = names.flatMap((each) => keys.map((key) => ({ ...key, [each]: value }))).slice(0, mostKeys);
  }
  return keys;
}
