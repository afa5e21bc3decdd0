import { diffColumns } from "./diffColumns.ts";
import { diffByIdentity } from "./diffByIdentity.ts";
import { changeSeverities, type SchemaChange } from "./schemaChange.ts";
import type { EnumSnapshot, SchemaSnapshot, TableSnapshot } from "./snapshot.ts";

const qualified = ({ schema, name }: { schema: string; name: string }) => `${schema}.${name}`;

/**
 * What changed between two snapshots. Renames are told by the catalog's own identity (oid, attnum), so a renamed column
 * is never mistaken for a drop and an add, and two columns that swap names are two renames.
 */
export function diffSnapshots(before: SchemaSnapshot, after: SchemaSnapshot): SchemaChange[] {
  const tables = diffByIdentity(before.tables, after.tables, (table) => table.oid);
  const enums = diffByIdentity(before.enums, after.enums, (type) => type.oid);
  return [
    ...tables.dropped.map((table) => tableChange("table_dropped", table, qualified(table), null)),
    ...tables.added.map((table) => tableChange("table_added", table, null, qualified(table))),
    ...tables.kept.flatMap((pair) => diffTable(pair.before, pair.after)),
    ...enums.kept.flatMap((pair) => diffEnum(pair.before, pair.after)),
  ];
}

function tableChange(
  kind: "table_dropped" | "table_added" | "table_renamed",
  table: TableSnapshot,
  before: string | null,
  after: string | null,
): SchemaChange {
  return { kind, severity: changeSeverities[kind], subject: qualified(table), oid: table.oid, before, after };
}

function diffTable(before: TableSnapshot, after: TableSnapshot): SchemaChange[] {
  const renamed = qualified(before) !== qualified(after)
    ? [tableChange("table_renamed", after, qualified(before), qualified(after))]
    : [];
  return [
    ...renamed,
    ...diffColumns(before, after),
    ...diffParts("constraint", after, before.constraints, after.constraints),
    ...diffParts("index", after, before.indexes, after.indexes),
  ];
}

interface Part {
  readonly oid: number;
  readonly name: string;
  readonly definition: string;
}

/** A part that kept its identity and changed its definition is a drop and an add: writes meet another rule. */
function diffParts(
  what: "constraint" | "index",
  table: TableSnapshot,
  before: readonly Part[],
  after: readonly Part[],
): SchemaChange[] {
  const { added, dropped, kept } = diffByIdentity(before, after, (part) => part.oid);
  const redefined = kept.filter((pair) => pair.before.definition !== pair.after.definition);
  const change = (kind: SchemaChange["kind"], part: Part, ends: Pick<SchemaChange, "before" | "after">) => ({
    kind,
    severity: changeSeverities[kind],
    subject: qualified(table),
    oid: table.oid,
    part: part.name,
    ...ends,
  });
  return [
    ...[...dropped, ...redefined.map((pair) => pair.before)].map((part) =>
      change(`${what}_dropped`, part, { before: part.definition, after: null })
    ),
    ...[...added, ...redefined.map((pair) => pair.after)].map((part) =>
      change(`${what}_added`, part, { before: null, after: part.definition })
    ),
  ];
}

function diffEnum(before: EnumSnapshot, after: EnumSnapshot): SchemaChange[] {
  const { added, kept } = diffByIdentity(before.labels, after.labels, (label) => label.oid);
  const change = (
    kind: "enum_label_added" | "enum_label_renamed",
    part: string,
    earlier: string | null,
  ): SchemaChange => ({
    kind,
    severity: changeSeverities[kind],
    subject: qualified(after),
    oid: after.oid,
    part,
    before: earlier,
    after: part,
  });
  return [
    ...added.map(({ label }) => change("enum_label_added", label, null)),
    ...kept.filter((pair) => pair.before.label !== pair.after.label)
      .map((pair) => change("enum_label_renamed", pair.after.label, pair.before.label)),
  ];
}
