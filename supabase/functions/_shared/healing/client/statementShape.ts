import type { Match, Row, Selection } from "../../connect/connector.ts";
import { tableName } from "./tableName.ts";

const mostNames = 24;
const mostLetters = 400;
const plainName = /^[A-Za-z_][A-Za-z0-9_$]{0,62}$/;

/** What of a statement its shape tells. */
export interface ShapeParts {
  readonly verb: string;
  /** As the caller has it: `table` or `schema.table`. */
  readonly table: string;
  readonly rows?: Row | readonly Row[];
  readonly columns?: readonly string[] | undefined;
  readonly match?: Match | undefined;
}

/**
 * A statement without any value, such as `update public.orders (status) where (id)`. A key that could not be the name of a
 * plain column is left out as `?`: whoever chooses a payload's keys chooses their words.
 */
export function statementShape({ verb, table, rows, columns, match }: ShapeParts): string {
  const { schema, name } = tableName(String(table));
  const list = Array.isArray(rows) ? rows as readonly Row[] : undefined;
  const names = columns ?? keysOf(list === undefined ? rows : list[0]);
  const parts = [
    verb,
    `${nameOf(schema)}.${nameOf(name)}`,
    ...names.length === 0 ? [] : [listOf(names)],
    ...match === undefined ? [] : [`where ${listOf(keysOf(match))}`],
    ...list !== undefined && list.length > 1 ? [`x${list.length}`] : [],
  ];
  return parts.join(" ").slice(0, mostLetters);
}

/** As above, of a select. */
export function selectShape(table: string, { columns, match }: Selection = {}): string {
  return statementShape({ verb: "select", table, columns, match });
}

/** `schema.table`, as events name it. */
export function subjectOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`.slice(0, 200);
}

function keysOf(row: unknown): readonly string[] {
  return typeof row === "object" && row !== null ? Object.keys(row) : [];
}

function listOf(names: readonly unknown[]): string {
  const more = names.length > mostNames ? [`and ${names.length - mostNames} more`] : [];
  return `(${[...names.slice(0, mostNames).map(nameOf), ...more].join(", ")})`;
}

function nameOf(name: unknown): string {
  return typeof name === "string" && plainName.test(name) ? name : "?";
}
