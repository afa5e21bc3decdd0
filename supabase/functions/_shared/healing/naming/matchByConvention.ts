import { conventionKey } from "./conventionKey.ts";

/**
 * Which keys are columns spelled after another convention: key to column, one to one. Keys that are columns as they
 * stand need no match and hold their column. Where two keys or two columns differ in their spelling alone, none of them
 * is matched: which is meant cannot be told.
 *
 * @example
 * ```ts
 * matchByConvention(["userID", "total"], ["user_id", "total"]); // Map { "userID" => "user_id" }
 * ```
 */
export function matchByConvention(
  keys: Iterable<string>,
  columns: Iterable<string>,
): ReadonlyMap<string, string> {
  const keysByName = groupByConvention(keys);
  const matches = new Map<string, string>();
  for (const [name, [column, ...otherColumns]] of groupByConvention(columns)) {
    const [key, ...otherKeys] = keysByName.get(name) ?? [];
    if (key === undefined || otherKeys.length > 0 || otherColumns.length > 0 || key === column) continue;
    matches.set(key, column);
  }
  return matches;
}

/** Different names by what they have in common. */
export function groupByConvention(names: Iterable<string>): ReadonlyMap<string, readonly [string, ...string[]]> {
  const groups = new Map<string, [string, ...string[]]>();
  for (const name of new Set(names)) {
    const key = conventionKey(name);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [name]);
    else group.push(name);
  }
  return groups;
}
