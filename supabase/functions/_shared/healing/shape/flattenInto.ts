import { isPlainObject } from "../coercion/sameValue.ts";
import { conventionKey } from "../naming/conventionKey.ts";
import { groupByConvention } from "../naming/matchByConvention.ts";
import { type RefusedKey, replaceKeys, type ShapeColumn, type ShapeRefusal, type ShapeRow } from "./shapeRow.ts";

/** Where one value of a nested object went. */
export interface FlattenedLeaf {
  /** The keys from the row down to the value. */
  readonly path: readonly string[];
  readonly column: string;
}

/** A row with nested objects laid out over columns, and what it takes to fold them up again. */
export interface Flattened {
  readonly row: ShapeRow;
  readonly leaves: readonly FlattenedLeaf[];
  readonly refused: readonly RefusedKey[];
}

/**
 * Lays nested objects out over columns named by the way to each value: `{ address: { city } }` goes to `address_city`,
 * in any naming convention. An object goes whole or not at all; its key must not be a column itself.
 */
export function flattenInto(row: ShapeRow, columns: readonly ShapeColumn[]): Flattened {
  const columnsByName = groupByConvention(columns.map(({ name }) => name));
  const taken = new Map<string, number>();
  const plans = new Map<string, FlattenedLeaf[] | ShapeRefusal>();
  for (const key of Object.keys(row)) {
    const isColumn = columnsByName.has(conventionKey(key));
    const value = row[key];
    if (!isColumn && isPlainObject(value)) plans.set(key, findLeaves([key], value, columnsByName));
    else taken.set(conventionKey(key), 1);
  }
  for (const plan of plans.values()) {
    if (typeof plan === "string") continue;
    for (const { column } of plan) taken.set(conventionKey(column), (taken.get(conventionKey(column)) ?? 0) + 1);
  }
  const leaves: FlattenedLeaf[] = [];
  const refused: RefusedKey[] = [];
  for (const [key, plan] of plans) {
    if (typeof plan === "string") refused.push({ key, reason: plan });
    else if (plan.some(({ column }) => taken.get(conventionKey(column))! > 1)) {
      refused.push({ key, reason: "column_taken" });
    } else leaves.push(...plan);
  }
  const moved = new Set(leaves.map(({ path }) => path[0]!));
  const added = leaves.map(({ path, column }) => [column, valueAt(row, path)] as const);
  return { row: replaceKeys(row, moved, added), leaves, refused };
}

/** The row as it was before {@linkcode flattenInto}. */
export function unflatten(row: ShapeRow, leaves: readonly FlattenedLeaf[]): ShapeRow {
  const objects = new Map<string, Record<string, unknown>>();
  for (const { path, column } of leaves) {
    const [key, ...rest] = path as [string, ...string[]];
    let object = objects.get(key);
    if (object === undefined) objects.set(key, object = {});
    for (const step of rest.slice(0, -1)) {
      if (!Object.hasOwn(object, step)) object[step] = {};
      object = object[step] as Record<string, unknown>;
    }
    object[rest.at(-1)!] = row[column];
  }
  return replaceKeys(row, new Set(leaves.map(({ column }) => column)), objects);
}

function findLeaves(
  path: readonly string[],
  object: Readonly<Record<string, unknown>>,
  columns: ReadonlyMap<string, readonly string[]>,
): FlattenedLeaf[] | ShapeRefusal {
  const members = Object.entries(object);
  if (members.length === 0) return "empty_object";
  // What could not be put together again as it was; and nobody names columns for a way of eight steps.
  const isPlain = Object.getPrototypeOf(object) !== null && path.length < 8 && !path.includes("__proto__") &&
    members.every(([key, value]) => key !== "__proto__" && value !== undefined);
  if (!isPlain) return "not_json";
  const leaves: FlattenedLeaf[] = [];
  for (const [key, value] of members) {
    const inner = [...path, key];
    const [column, ...others] = columns.get(conventionKey(inner.join("_"))) ?? [];
    if (others.length > 0) return "ambiguous_column";
    const deeper = isPlainObject(value) ? findLeaves(inner, value, columns) : "no_column";
    if (column === undefined) {
      if (typeof deeper === "string") return deeper;
      leaves.push(...deeper);
    } else if (typeof deeper === "string") leaves.push({ path: inner, column });
    else return "ambiguous_column";
  }
  return leaves;
}

function valueAt(row: ShapeRow, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as ShapeRow)[key], row);
}
