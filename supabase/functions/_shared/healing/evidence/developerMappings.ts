import type { NameHistory } from "../../schema/nameHistory.ts";
import type { KnownSchema } from "../../schema/schemaVersion.ts";
import type { ColumnSnapshot, TableSnapshot } from "../../schema/snapshot.ts";
import { tableName } from "../client/tableName.ts";
import { findTable } from "../diagnosis/findTable.ts";

/**
 * Which column a key means, by table: `{ orders: { totl: "total" } }`; a table is `table` or `schema.table`. What a developer
 * wrote stays true: a table or a column may also be called by a name it had before.
 */
export type DeveloperMappings = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What the developer says of a name; the column is undefined where the one that was meant is gone. */
export interface DeveloperMapping {
  readonly name: string;
  readonly target: string;
  readonly column: ColumnSnapshot | undefined;
}

/** The mappings of a table for some names. A target that no column has nor ever had says nothing. */
export async function developerMappingsOf(
  mappings: DeveloperMappings,
  { table, schema, names }: {
    readonly table: TableSnapshot;
    readonly schema: KnownSchema;
    readonly names: readonly string[];
  },
  history: NameHistory | undefined,
): Promise<DeveloperMapping[]> {
  const found: DeveloperMapping[] = [];
  for (const [text, targets] of Object.entries(mappings)) {
    const asked = names.filter((name) => Object.hasOwn(targets, name));
    if (asked.length === 0 || await oidOf(text, schema, history) !== table.oid) continue;
    const lost = asked.map((name) => targets[name]!).filter((target) => columnNamed(table, target) === undefined);
    const former = lost.length === 0 ? undefined : await history?.formerColumns(table.oid, lost, schema.version);
    for (const name of asked) {
      const target = targets[name]!;
      const attnum = former?.get(target);
      const column = columnNamed(table, target) ?? table.columns.find((candidate) => candidate.attnum === attnum);
      if (column !== undefined || attnum !== undefined) found.push({ name, target, column });
    }
  }
  return found;
}

async function oidOf(text: string, { snapshot, version }: KnownSchema, history: NameHistory | undefined) {
  const ref = tableName(text);
  const now = findTable(snapshot, ref);
  if (now !== undefined) return now.oid;
  return (await history?.formerTables(ref.schema, [ref.name], version))?.get(ref.name);
}

const columnNamed = ({ columns }: TableSnapshot, name: string) => columns.find((column) => column.name === name);
