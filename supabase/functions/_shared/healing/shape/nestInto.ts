import { findJsonLoss } from "../coercion/plainJson.ts";
import { conventionKey } from "../naming/conventionKey.ts";
import { groupByConvention } from "../naming/matchByConvention.ts";
import { type RefusedKey, replaceKeys, type ShapeColumn, type ShapeRow } from "./shapeRow.ts";

/** Which member of a JSON column a key of the row became. */
export interface NestedKey {
  readonly key: string;
  readonly column: string;
  readonly member: string;
}

/** A row with some keys gathered into JSON columns, and what it takes to lay them out again. */
export interface Nested {
  readonly row: ShapeRow;
  readonly nested: readonly NestedKey[];
  readonly refused: readonly RefusedKey[];
}

/**
 * Gathers flattened keys into the one JSON column whose name they begin with: `address_city` and `address_zip` become
 * `{ city, zip }` in `address`. At least two keys must say so, as one may begin with a column's name by chance, and the
 * row must not have the column. For inserts: an update would replace what the column holds besides.
 */
export function nestInto(row: ShapeRow, columns: readonly ShapeColumn[]): Nested {
  const columnsByName = groupByConvention(columns.map(({ name }) => name));
  const jsonColumns = columns.filter(({ name, type }) =>
    (type === "json" || type === "jsonb") && columnsByName.get(conventionKey(name))!.length === 1
  );
  const keysByName = groupByConvention(Object.keys(row));
  const groups = new Map<string, NestedKey[]>();
  const refused: RefusedKey[] = [];
  for (const key of Object.keys(row)) {
    if (columnsByName.has(conventionKey(key))) continue;
    const homes = jsonColumns.flatMap(({ name }) => {
      const member = memberOf(key, name);
      return member === undefined ? [] : [{ key, column: name, member }];
    });
    const [home, ...others] = homes;
    if (home === undefined) continue;
    if (others.length > 0) refused.push({ key, reason: "ambiguous_column" });
    else if (keysByName.has(conventionKey(home.column))) refused.push({ key, reason: "column_taken" });
    else if (home.member === "__proto__" || findJsonLoss(row[key]) !== undefined) {
      refused.push({ key, reason: "not_json" });
    } else groups.set(home.column, [...groups.get(home.column) ?? [], home]);
  }
  const nested: NestedKey[] = [];
  for (const group of groups.values()) {
    const members = new Set(group.map(({ member }) => conventionKey(member)));
    const isRefused = refused.some(({ key }) => memberOf(key, group[0]!.column) !== undefined);
    if (group.length >= 2 && members.size === group.length && !isRefused) nested.push(...group);
    else {
      const reason = group.length < 2 ? "single_key" : "ambiguous_column";
      refused.push(...group.map(({ key }) => ({ key, reason } as const)));
    }
  }
  const objects = new Map<string, Record<string, unknown>>();
  for (const { key, column, member } of nested) {
    objects.set(column, { ...objects.get(column), [member]: row[key] });
  }
  return { row: replaceKeys(row, new Set(nested.map(({ key }) => key)), objects), nested, refused };
}

/** The row as it was before {@linkcode nestInto}. */
export function unnest(row: ShapeRow, nested: readonly NestedKey[]): ShapeRow {
  const added = nested.map(({ key, column, member }) => [key, (row[column] as ShapeRow)[member]] as const);
  return replaceKeys(row, new Set(nested.map(({ column }) => column)), added);
}

/** What is left of a key after a column's name: `city` of `address_city`, `postalCode` of `addressPostalCode`. */
function memberOf(key: string, column: string): string | undefined {
  const columnKey = conventionKey(column);
  if (!conventionKey(key).startsWith(columnKey)) return undefined;
  for (const { index, 0: boundary } of key.matchAll(/[_\-\s]+(?=[^_\-\s])|(?<=[a-z\d])(?=[A-Z])/g)) {
    if (conventionKey(key.slice(0, index)) !== columnKey) continue;
    const rest = key.slice(index + boundary.length);
    if (!/[a-z]/.test(key)) return rest.toLowerCase();
    // The first word of a camelCase name is lower-case, be it an acronym.
    return boundary === "" ? rest.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (word) => word.toLowerCase()) : rest;
  }
  return undefined;
}
