import type { DbFailure } from "../../connect/dbFailure.ts";
import type { TableSnapshot } from "../../schema/snapshot.ts";
import type { DiagnosisOf } from "./diagnosis.ts";
import type { DiagnosisContext } from "./diagnosisContext.ts";
import { columnNames, findConstraint, type FoundConstraint } from "./findConstraint.ts";
import { tableOfStatement } from "./findTable.ts";
import { namesOfStatement } from "./findUnknownColumns.ts";
import { referencedTable } from "./referencedTable.ts";

/** Both sides of a foreign key fail with the same code: a parent that is not there, and one that is still needed. */
export function diagnoseReference(
  failure: DbFailure,
  context: DiagnosisContext,
): DiagnosisOf<"missing_parent" | "still_referenced"> {
  const found = findConstraint(failure, context);
  const own = tableOfStatement(context);
  if (own !== undefined && isOfParent(found, own, context)) {
    const children = found === undefined ? referencesTo(own, context) : [found];
    return {
      kind: "still_referenced",
      constraints: children.map(({ table: { schema, name }, constraint }) => ({
        constraint: constraint.name,
        childTable: { schema, name },
      })),
    };
  }
  return {
    kind: "missing_parent",
    constraint: failure.constraint ?? null,
    columns: found === undefined ? [] : columnNames(found.table, found.constraint.attnums),
    parentTable: found === undefined
      ? null
      : referencedTable(found.constraint.definition, found.table.schema, context.snapshot),
  };
}

function isOfParent(found: FoundConstraint | undefined, own: TableSnapshot, context: DiagnosisContext): boolean {
  const { operation } = context;
  if (operation === "delete") return true;
  if (operation !== "update" && operation !== "upsert" || found === undefined) return false;
  if (!refersTo(found, own, context)) return false;
  // A table that refers to itself: a patch that leaves the reference alone has touched the key that others refer to.
  const { payload } = namesOfStatement(context);
  return found.table !== own || !columnNames(own, found.constraint.attnums).some((name) => payload.includes(name));
}

function referencesTo(own: TableSnapshot, context: DiagnosisContext): FoundConstraint[] {
  return context.snapshot.tables.flatMap((table) =>
    table.constraints.filter(({ kind }) => kind === "foreign key").map((constraint) => ({ table, constraint }))
  ).filter((found) => refersTo(found, own, context));
}

function refersTo({ table, constraint }: FoundConstraint, own: TableSnapshot, { snapshot }: DiagnosisContext): boolean {
  const parent = referencedTable(constraint.definition, table.schema, snapshot);
  return parent?.schema === own.schema && parent.name === own.name;
}
