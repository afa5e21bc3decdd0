import type { SqlTag } from "../db/database.ts";
import { type ColumnEvent, ColumnPast } from "./columnPast.ts";

/** Which names columns and tables once had, by the catalog's own identity. */
export interface NameHistory {
  /**
   * The column, by its `attnum`, that last had each name before it was renamed or dropped; a table that has lost it lacks
   * the `attnum`. Names that no column had are left out. `version` is the schema version that the answer must have seen.
   */
  formerColumns(
    tableOid: number,
    names: readonly string[],
    version?: number,
  ): Promise<ReadonlyMap<string, number>>;
  /** All names that the table's columns have lost, and when. */
  columnPast(tableOid: number, version?: number): Promise<ColumnPast>;
  /** By the enum's `oid`: what its labels were called before they were renamed, and what each is called by now. */
  formerLabels(version?: number): Promise<ReadonlyMap<number, ReadonlyMap<string, string>>>;
  /** The table, by its `oid`, that last had each name in a schema before it was renamed, moved or dropped. */
  formerTables(schema: string, names: readonly string[], version?: number): Promise<ReadonlyMap<string, number>>;
  /** Reads anew from now on; to be called when the schema has changed. */
  forget(): void;
}

/** What was read of one table, or of all tables' names. */
interface Chapter<Past> {
  readonly version: number;
  readonly past: Promise<Past>;
}

/**
 * The history in `resilience.schema_changes`, read once a table and schema version. A chapter is read whole, so that what
 * it takes to keep it depends on the DDL there was, never on the names that payloads come with.
 */
export function createNameHistory(sql: SqlTag): NameHistory {
  const columnsOfTable = new Map<number, Chapter<ColumnPast>>();
  const tables = new Map<"tables", Chapter<ReadonlyMap<string, number>>>();
  const labels = new Map<"labels", Chapter<ReadonlyMap<number, ReadonlyMap<string, string>>>>();

  async function recall<Key, Past>(
    chapters: Map<Key, Chapter<Past>>,
    key: Key,
    version: number,
    read: () => Promise<Past>,
  ): Promise<Past> {
    let chapter = chapters.get(key);
    if (chapter === undefined || chapter.version < version) {
      chapters.set(key, chapter = { version, past: read() });
    }
    try {
      return await chapter.past;
    } catch (error) {
      if (chapters.get(key) === chapter) chapters.delete(key);
      throw error;
    }
  }

  const columnPast = (tableOid: number, version = 0) =>
    recall(columnsOfTable, tableOid, version, () => readColumns(sql, tableOid));

  return {
    columnPast,
    formerLabels: (version = 0) => recall(labels, "labels", version, () => readLabels(sql)),
    async formerColumns(tableOid, names, version = 0) {
      return only(names, (await columnPast(tableOid, version)).former);
    },
    async formerTables(schema, names, version = 0) {
      const found = await recall(tables, "tables", version, () => readTables(sql));
      // "a.b"."c" and "a"."b.c" are written alike: which is meant cannot be told.
      const plain = schema.includes(".") ? [] : names.filter((name) => !name.includes("."));
      const identities = plain.map((name) => [name, found.get(`${schema}.${name}`)] as const);
      return new Map(identities.filter((pair): pair is [string, number] => pair[1] !== undefined));
    },
    forget() {
      columnsOfTable.clear();
      tables.clear();
      labels.clear();
    },
  };
}

function only(names: readonly string[], identities: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const known = names.filter((name) => identities.has(name));
  return new Map(known.map((name) => [name, identities.get(name)!]));
}

/** What was before the table was added is another table's: the server gives oids anew once it has used them up. */
async function readColumns(sql: SqlTag, tableOid: number): Promise<ColumnPast> {
  const rows = await sql<{ kind: ColumnEvent["kind"]; name: string | null; attnum: number; version: string }>`
    select kind, value_before as name, attnum, version
    from resilience.schema_changes
    where table_oid = ${tableOid}::bigint and kind in ('column_added', 'column_renamed', 'column_dropped')
      and id > coalesce((select max(id) from resilience.schema_changes
        where table_oid = ${tableOid}::bigint and kind = 'table_added'), 0)
    order by id`;
  return new ColumnPast(rows.map((row) => ({ ...row, version: Number(row.version) })));
}

/** A table that was dropped counts as the last one that had its name: else the one before it would be taken for it. */
async function readTables(sql: SqlTag): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ name: string; oid: string }>`
    select distinct on (past.value_before) past.value_before as name, past.table_oid as oid
    from resilience.schema_changes past
    where past.kind in ('table_renamed', 'table_dropped')
      and not exists (select 1 from resilience.schema_changes later
        where later.table_oid = past.table_oid and later.kind = 'table_added' and later.id > past.id)
    order by past.value_before, past.id desc`;
  return new Map(rows.map(({ name, oid }) => [name, Number(oid)]));
}

/** An enum's identity is given anew as a table's is; a label that the enum of now lacks is left to those who ask. */
async function readLabels(sql: SqlTag): Promise<ReadonlyMap<number, ReadonlyMap<string, string>>> {
  const rows = await sql<{ oid: string; before: string; after: string }>`
    select table_oid as oid, value_before as before, value_after as after
    from resilience.schema_changes where kind = 'enum_label_renamed' order by id`;
  const enums = new Map<number, Map<string, string>>();
  for (const { oid, before, after } of rows) {
    const former = enums.get(Number(oid)) ?? new Map<string, string>();
    enums.set(Number(oid), former);
    for (const [earlier, now] of former) if (now === before) former.set(earlier, after);
    former.set(before, after);
  }
  return enums;
}
