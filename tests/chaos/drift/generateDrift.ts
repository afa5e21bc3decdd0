import type { Drift } from "./drift.ts";
import { finishScene } from "./finishScene.ts";
import { makeScene } from "./makeScene.ts";
import { mutationDeck } from "./mutationDeck.ts";
import type { Scene } from "./scene.ts";

/**
 * The drift of that number under that seed: a table of some business, one to three things that have happened to it or to
 * the payload for it, and what each value of the payload truly means.
 *
 * What is _healable_ is what a careful person could tell from the schema, its recorded history, and the payload:
 *
 * - a column, a table or an enum's label renamed by DDL, also twice, when somebody (any isolate, the schema watcher) had
 *   looked at the schema before; and what went along with it, such as other names that moved in the same step;
 * - a name or a label in another convention, where one column or label alone is written so;
 * - a key with one slip that makes no other word, in a name of at least five letters, with exactly one name of the table, old
 *   or new, within two;
 * - a key in common short words, where no other name is shortened to it;
 * - a value in another form of the column's type, where nothing is lost by it and there is one reading of it;
 * - a null for a column that has become required and has a default, in a row that is new;
 * - an object for columns named by the way to its members, or keys for the members of one JSON column.
 *
 * What is not: a key between two twins; a name whose column is gone, whatever stands near it; a field that never was a
 * column; a rename that nobody could see; a slip in the key by which rows are found. There it is right to set the value
 * aside, and where a row cannot land without loss, to keep it as a dead letter.
 *
 * Left out, as nobody can tell: what Postgres takes and changes without an error under the column's own name (rounding to
 * a scale, a dropped offset), names that were swapped where nothing else in the payload tells its age, and payloads that
 * have an old name beside one that a new column has by now, and mean the new one.
 */
export function generateDrift(seed: number, number: number): Drift {
  const scene = makeScene(seed, number);
  const { draw } = scene;
  const wanted = draw.pick([1, 1, 1, 1, 2, 2, 2, 3]);
  for (let tries = 0; tries < 60 && scene.mutations.length < wanted; tries++) draw.pick(mutationDeck)(scene);
  const isFreshIsolate = draw.chance(0.25);
  return finishScene(scene, {
    route: draw.chance(0.15) ? "pgbouncer" : draw.chance(0.06) && !isRaggedUpsert(scene) ? "postgrest" : "direct",
    isFreshIsolate,
    isWarm: !isFreshIsolate && draw.chance(0.4),
  });
}

/** PostgREST takes no upsert of rows with different keys: the wrapper refuses it. */
function isRaggedUpsert({ operation, rows }: Scene): boolean {
  const shapes = new Set(rows.map(({ fields }) => JSON.stringify(fields.map(({ key }) => key).sort())));
  return operation === "upsert" && shapes.size > 1;
}
