import type { ColumnSnapshot, TableSnapshot } from "../../schema/snapshot.ts";

/** The column of a name: the one that has it by now, else the one that last had it; `former` gives its `attnum`. */
export function columnNow(
  { columns }: Pick<TableSnapshot, "columns">,
  name: string,
  former: ReadonlyMap<string, number>,
): ColumnSnapshot | undefined {
  return columns.find((column) => column.name === name) ??
    columns.find(({ attnum }) => attnum === former.get(name));
}
