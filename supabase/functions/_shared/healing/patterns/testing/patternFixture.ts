import type { ColumnSnapshot, TableSnapshot } from "../../../schema/snapshot.ts";
import type { HealingPattern } from "../healingPattern.ts";

/** A schema's hash for tests. */
export const schemaHash = "a".repeat(64);

/** A column of a made-up table. */
export function column(attnum: number, name: string, options: Partial<ColumnSnapshot> = {}): ColumnSnapshot {
  return {
    attnum,
    name,
    type: "text",
    typeOid: 25,
    typeModifier: -1,
    isNullable: true,
    defaultExpression: null,
    isGenerated: false,
    isIdentity: false,
    ...options,
  };
}

/** A made-up table: `people(id, email, phone)`, or with the columns given. */
export function table(columns: readonly ColumnSnapshot[] = [column(1, "id"), column(2, "email"), column(3, "phone")]) {
  const made: TableSnapshot = { oid: 7, schema: "public", name: "people", columns, constraints: [], indexes: [] };
  return made;
}

/** A pattern on probation that sends `mail` to `email`, with what is given changed. */
export function pattern(options: Partial<HealingPattern> = {}): HealingPattern {
  return {
    id: "p1",
    tableOid: 7,
    tableSchema: "public",
    tableName: "people",
    key: "mail",
    targetAttnum: 2,
    targetColumn: "email",
    strategy: "matcher",
    coercion: null,
    schemaHash,
    state: { kind: "probation" },
    outcomes: { successes: 0, failures: 0 },
    version: 1,
    ...options,
  };
}
