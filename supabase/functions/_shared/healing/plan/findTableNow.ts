import type { TableRef } from "../../connect/connector.ts";
import type { NameHistory } from "../../schema/nameHistory.ts";
import type { KnownSchema } from "../../schema/schemaVersion.ts";
import type { TableSnapshot } from "../../schema/snapshot.ts";
import { conventionKey } from "../naming/conventionKey.ts";

/** The table that a name without one means, and how that is known. */
export interface TableNow {
  readonly table: TableSnapshot;
  readonly strategy: "catalog_rename" | "convention";
}

/**
 * Finds the table that a name means which no table has: the one that had it, by its identity, or the only one of its schema
 * that is spelled after another convention. A table that had the name and is gone means none.
 */
export async function findTableNow(
  { schema, name }: TableRef,
  { snapshot, version }: KnownSchema,
  history: NameHistory,
): Promise<TableNow | undefined> {
  const oid = (await history.formerTables(schema, [name], version)).get(name);
  if (oid !== undefined) {
    const table = snapshot.tables.find((candidate) => candidate.oid === oid);
    return table && { table, strategy: "catalog_rename" };
  }
  const [table, ...others] = snapshot.tables.filter((candidate) =>
    candidate.schema === schema && conventionKey(candidate.name) === conventionKey(name)
  );
  return table === undefined || others.length > 0 ? undefined : { table, strategy: "convention" };
}
