import type { DbFailure } from "../../connect/dbFailure.ts";
import type { ConstraintSnapshot, SchemaSnapshot, TableSnapshot } from "../../schema/snapshot.ts";
import type { UniqueKey } from "./diagnosis.ts";
import type { DiagnosisContext } from "./diagnosisContext.ts";
import { findTable, tableOfStatement } from "./findTable.ts";
import { indexColumns } from "./indexColumns.ts";

/** A constraint and the table that it stands in. */
export interface FoundConstraint {
  readonly table: TableSnapshot;
  readonly constraint: ConstraintSnapshot;
}

/**
 * The constraint that an error names. Its table is the one that the error names, else the statement's, else the only one
 * that has such a constraint: a trigger may have written elsewhere, which PostgREST does not tell.
 */
export function findConstraint(failure: DbFailure, context: DiagnosisContext): FoundConstraint | undefined {
  return candidatesFor(failure, context, (table) => {
    const constraint = table.constraints.find(({ name }) => name === failure.constraint);
    return constraint === undefined ? undefined : { table, constraint };
  });
}

/** The columns of the constraint or the unique index that an error names. */
export function columnsOfConstraint(failure: DbFailure, context: DiagnosisContext): readonly string[] {
  const found = findConstraint(failure, context);
  if (found !== undefined) return columnNames(found.table, found.constraint.attnums);
  const ofIndex = candidatesFor(failure, context, (table) => {
    const index = table.indexes.find(({ name }) => name === failure.constraint);
    return index === undefined ? undefined : indexColumns(index.definition, table.columns.map(({ name }) => name));
  });
  return ofIndex ?? [];
}

/** The keys of which an upsert's conflict may be one: of the whole table, and of columns alone. */
export function uniqueKeysOf({ columns, constraints, indexes }: TableSnapshot): UniqueKey[] {
  const names = columns.map(({ name }) => name);
  return [
    ...constraints.filter(({ kind }) => kind === "primary key" || kind === "unique").map(({ name, attnums }) => ({
      constraint: name,
      columns: attnums.flatMap((attnum) => columns.find((column) => column.attnum === attnum)?.name ?? []),
    })),
    ...indexes.filter(({ definition }) => /^CREATE UNIQUE INDEX /.test(definition) && !/ WHERE /.test(definition))
      .map(({ name, definition }) => ({ constraint: name, columns: indexColumns(definition, names) })),
  ].filter((key) => key.columns.length > 0);
}

/** The names of columns by their identities. */
export function columnNames({ columns }: TableSnapshot, attnums: readonly number[]): string[] {
  return attnums.flatMap((attnum) => columns.find((column) => column.attnum === attnum)?.name ?? []);
}

function candidatesFor<Found>(
  { constraint, schema, table }: DbFailure,
  context: DiagnosisContext,
  find: (table: TableSnapshot) => Found | undefined,
): Found | undefined {
  if (constraint === undefined) return undefined;
  const { snapshot }: { snapshot: SchemaSnapshot } = context;
  const told = schema === undefined || table === undefined ? undefined : findTable(snapshot, { schema, name: table });
  const own = tableOfStatement(context);
  for (const likely of [told, own]) {
    const found = likely === undefined ? undefined : find(likely);
    if (found !== undefined) return found;
  }
  const [only, ...others] = snapshot.tables.flatMap((each) => find(each) ?? []);
  return others.length === 0 ? only as Found | undefined : undefined;
}
