import type { ColumnSnapshot } from "../../schema/snapshot.ts";
import type { NameAnswer } from "./evidence.ts";

/**
 * Why an answer is not followed.
 * - `contested`: another answer of the same source says something else of the name, or the same of another name.
 * - `not_free`: its column is filled by the payload, given to another name, or not there.
 * - `generated`: nobody but the database may fill its column.
 * - `not_asked`: nobody asked for that name.
 */
export type Collision = "contested" | "not_free" | "generated" | "not_asked";

/** The answers of one source that cannot all be followed; of two that collide, both. */
export function findCollisions(
  answers: readonly NameAnswer[],
  asked: ReadonlySet<string>,
  free: ReadonlyMap<number, ColumnSnapshot>,
): ReadonlyMap<NameAnswer, Collision> {
  const collisions = new Map<NameAnswer, Collision>();
  const heard = answers.filter(({ name }) => asked.has(name));
  const names = countBy(heard, ({ name }) => name);
  const columns = countBy(heard, ({ column }) => column?.attnum);
  for (const answer of answers) {
    const { name, column } = answer;
    if (!asked.has(name)) collisions.set(answer, "not_asked");
    else if (names.get(name)! > 1) collisions.set(answer, "contested");
    else if (column === undefined) continue;
    else if (!free.has(column.attnum)) collisions.set(answer, column.isGenerated ? "generated" : "not_free");
    else if (columns.get(column.attnum)! > 1) collisions.set(answer, "contested");
  }
  return collisions;
}

function countBy<Key>(answers: readonly NameAnswer[], keyOf: (answer: NameAnswer) => Key): Map<Key, number> {
  const counts = new Map<Key, number>();
  for (const answer of answers) counts.set(keyOf(answer), (counts.get(keyOf(answer)) ?? 0) + 1);
  return counts;
}
