import { diffByIdentity } from "./diffByIdentity.ts";
import { type ChangeKind, changeSeverities, type SchemaChange, type Severity } from "./schemaChange.ts";
import type { ColumnSnapshot, TableSnapshot } from "./snapshot.ts";

/** What changed among a table's columns, paired by `attnum`. */
export function diffColumns(before: TableSnapshot, after: TableSnapshot): SchemaChange[] {
  const { added, dropped, kept } = diffByIdentity(before.columns, after.columns, (column) => column.attnum);
  const change = (
    kind: ChangeKind,
    column: ColumnSnapshot,
    earlier: string | null,
    later: string | null,
    severity: Severity = changeSeverities[kind],
  ): SchemaChange => ({
    kind,
    severity,
    subject: `${after.schema}.${after.name}`,
    oid: after.oid,
    part: column.name,
    attnum: column.attnum,
    before: earlier,
    after: later,
  });
  return [
    ...dropped.map((column) => change("column_dropped", column, column.name, null)),
    ...added.map((column) => change("column_added", column, null, column.name, severityOfAdding(column))),
    ...kept.flatMap(({ before: earlier, after: later }) => [
      ...(earlier.name === later.name ? [] : [change("column_renamed", later, earlier.name, later.name)]),
      ...(hasSameType(earlier, later) ? [] : [change("column_type_changed", later, earlier.type, later.type)]),
      ...(earlier.isNullable === later.isNullable ? [] : [
        change(
          "column_nullability_changed",
          later,
          nullability(earlier),
          nullability(later),
          later.isNullable ? "low" : severityOfRequiring(later),
        ),
      ]),
      ...(earlier.defaultExpression === later.defaultExpression
        ? []
        : [change("column_default_changed", later, earlier.defaultExpression, later.defaultExpression)]),
    ]),
  ];
}

/** By identity: a renamed enum is the same type under another name. */
const hasSameType = (one: ColumnSnapshot, other: ColumnSnapshot) =>
  one.typeOid === other.typeOid && one.typeModifier === other.typeModifier;

const nullability = (column: ColumnSnapshot) => column.isNullable ? "null" : "not null";

const fillsItself = (column: ColumnSnapshot) =>
  column.defaultExpression !== null || column.isGenerated || column.isIdentity;

/** A new column that must be given breaks every insert that does not know it. */
function severityOfAdding(column: ColumnSnapshot): Severity {
  return column.isNullable || fillsItself(column) ? "low" : "critical";
}

function severityOfRequiring(column: ColumnSnapshot): Severity {
  return fillsItself(column) ? "medium" : "high";
}
