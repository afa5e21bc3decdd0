import { withExactNumbers } from "../../connect/exactNumbers.ts";
import type { Row } from "../../connect/connector.ts";
import { SqlText } from "../../connect/sqlText.ts";
import { tagRunner } from "../../connect/tagRunner.ts";
import type { SqlTag } from "../../db/database.ts";
import { createNameHistory } from "../../schema/nameHistory.ts";
import type { KnownSchema } from "../../schema/schemaVersion.ts";
import type { ColumnSnapshot, TableSnapshot } from "../../schema/snapshot.ts";
import type { Rescue } from "../ledger/rescue.ts";
import { rowKeyText } from "../ledger/rowKeyText.ts";
import { columnNow } from "./columnNow.ts";

/** A row that the ledger knows, as it is now. */
export interface KeptRow {
  readonly table: TableSnapshot;
  /** The key by the columns' names of now. */
  readonly rowKeyText: string;
  /** As the driver gives it, and as PostgREST would: each value was sent in the form of one of the two, or is noted. */
  readonly forms: readonly Row[];
  /** The column that had a name when the row was written. */
  columnOf(name: string): ColumnSnapshot | undefined;
}

/** Reads the row of a record; undefined where it or its table is gone. Columns are followed through renames. */
export async function readKeptRow(
  sql: SqlTag,
  { table: { oid }, rowKey, shape }: Pick<Rescue, "table" | "rowKey" | "shape">,
  schema: KnownSchema,
): Promise<KeptRow | undefined> {
  const table = schema.snapshot.tables.find((candidate) => candidate.oid === oid);
  if (table === undefined || rowKey === undefined) return undefined;
  const names = [...Object.keys(rowKey), ...shape.parts.flatMap((part) => "column" in part ? [part.column] : [])];
  const lost = names.filter((name) => !table.columns.some((column) => column.name === name));
  // Over this very connection: of a pool of one, waiting for another in a transaction would never end.
  const former = lost.length === 0
    ? new Map<string, number>()
    : await createNameHistory(sql).formerColumns(oid, lost, schema.version);
  const columnOf = (name: string) => columnNow(table, name, former);
  const key = Object.fromEntries(Object.entries(rowKey).map(([name, value]) => [columnOf(name)?.name ?? name, value]));
  const keyText = rowKeyText(key);
  const [found] = await sql<{ part: string; place: string; held: string }>`
    select part::text as part, place::text as place, held::text as held
    from resilience.find_row(${oid}::bigint, ${keyText}::text::jsonb)`;
  if (found === undefined) return undefined;
  // A prepared statement does not outlive its result's columns: each state of the schema has a statement of its own.
  const read = new SqlText().add(`select /* schema ${schema.hash} */ * from `).table(table).add(
    " as kept where kept.tableoid = ",
  ).parameter()
    .add("::text::oid and kept.ctid = ").parameter().add("::text::tid").compile();
  const { rows } = await tagRunner(sql).run({ sql: read, values: [found.part, found.place], isPrepared: false });
  const rest = JSON.parse(withExactNumbers(found.held)) as Row;
  const forms = [...rows, rest].map((row) => {
    const aliases = lost.flatMap((name) => {
      const column = columnOf(name);
      return column === undefined ? [] : [[name, row[column.name]]];
    });
    return { ...row, ...Object.fromEntries(aliases) };
  });
  return { table, rowKeyText: keyText, forms, columnOf };
}
