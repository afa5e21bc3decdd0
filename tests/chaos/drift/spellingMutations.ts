import { conceptDictionary } from "../../../supabase/functions/_shared/healing/matcher/conceptDictionary.ts";
import { isCommonWord } from "../../../supabase/functions/_shared/healing/matcher/isCommonWord.ts";
import { makeValue } from "./makeValue.ts";
import { abbreviate, type Convention, conventions, nearNames, slip, squash, writeName } from "./names.ts";
import { blockRowsWithout } from "./renameMutations.ts";
import {
  addMutation,
  allNames,
  fieldsOf,
  freeColumns,
  isFor,
  type Mutate,
  type Scene,
  type SceneColumn,
  type SceneField,
} from "./scene.ts";
import { twinPairs } from "./twinPairs.ts";

/** Sends the column under another key; in one call of several rows some may know better. */
function respell(scene: Scene, column: SceneColumn, key: string, mutation: number): void {
  const { draw, rows } = scene;
  const isMixed = rows.length > 1 && draw.chance(0.2);
  const fields: SceneField[] = fieldsOf(scene, column).filter((_, at) => !isMixed || at === 0 || draw.chance(0.5));
  column.marks.add("spelling");
  for (const field of fields) {
    field.key = key;
    field.isTouched = true;
    field.mutations.add(mutation);
  }
}

const isOwnName = (column: SceneColumn) => column.name === column.bornAs;

/** All keys, those of the match and of the conflict as well, as one application would write them. */
export const allInConvention: Mutate = (scene) => {
  const convention = scene.draw.pick(conventions);
  const columns = freeColumns(scene, "spelling", (column) => isOwnName(column) && column.marks.size === 0)
    .filter((column) => writeName(column.name, convention) !== column.name);
  if (columns.length === 0 || scene.mutations.length > 0) return false;
  const mutation = addMutation(scene, `all in ${convention}`, "heal");
  for (const column of columns) {
    const key = writeName(column.name, convention);
    column.marks.add("spelling").add("name");
    for (const field of [...fieldsOf(scene, column), ...scene.match.filter((field) => isFor(field, column))]) {
      field.key = key;
      field.isTouched = true;
      field.mutations.add(mutation);
    }
    if (column === scene.keyColumn) scene.conflictKey = key;
  }
  return true;
};

/** One key after another convention. */
export const oneInConvention: Mutate = (scene) => {
  const convention: Convention = scene.draw.pick(conventions);
  const [column] = freeColumns(
    scene,
    "spelling",
    (column) =>
      isOwnName(column) && fieldsOf(scene, column).length > 0 && writeName(column.name, convention) !== column.name &&
      column !== scene.keyColumn,
  );
  if (column === undefined) return false;
  column.marks.add("name");
  respell(scene, column, writeName(column.name, convention), addMutation(scene, `one in ${convention}`, "heal"));
  return true;
};

/** A key with a slip that is near to one name alone, among all that the table has or had. */
export const misspelt: Mutate = (scene) => {
  const [column] = freeColumns(
    scene,
    "spelling",
    (column) => isOwnName(column) && squash(column.name).length >= 5 && fieldsOf(scene, column).length > 0,
  );
  if (column === undefined || column === scene.keyColumn) return false;
  const key = slipOf(scene, column.name);
  if (key === undefined) return false;
  column.marks.add("name");
  respell(scene, column, key, addMutation(scene, "slip of the keys", "heal"));
  return true;
};

/** A slip of a name that is near to no other, and makes no other word; it has no digit that the name has not. */
export function slipOf(scene: Scene, name: string): string | undefined {
  for (let tries = 0; tries < 20; tries++) {
    const key = slip(name, scene.draw);
    const isPlain = /^[a-z][a-z_]*[a-z]$/.test(key) && !key.includes("__") && squash(key) !== squash(name) &&
      key.split("_").some((word) => !name.split("_").includes(word) && !isWord(word));
    if (isPlain && nearNames(key, allNames(scene), 2).every((near) => near === name)) return key;
  }
  return undefined;
}

const isWord = (word: string) => isCommonWord(word) || conceptDictionary().isWord(word);

/** In the shorter words that people use; no other column's name is shortened to the same. */
export const abbreviated: Mutate = (scene) => {
  const [column] = freeColumns(
    scene,
    "spelling",
    (column) =>
      isOwnName(column) && fieldsOf(scene, column).length > 0 && abbreviate(column.name) !== column.name &&
      column !== scene.keyColumn,
  );
  if (column === undefined) return false;
  const key = abbreviate(column.name);
  const isOthers = allNames(scene).some((name) =>
    name !== column.name && nearNames(key, [abbreviate(name), name], 1).length > 0
  );
  if (isOthers) return false;
  column.marks.add("name");
  respell(scene, column, key, addMutation(scene, "abbreviated", "heal"));
  return true;
};

/** What both twins are called, or a slip that is as near to one as to the other: nobody can tell. */
export const betweenTwins: Mutate = (scene) => {
  const pair = scene.draw.shuffle(twinPairs(scene)).find(({ twins: [one, other] }) =>
    fieldsOf(scene, one).length > 0 && one.isNullable && other.isNullable
  );
  if (pair === undefined) return false;
  const [meant, other] = pair.twins;
  const common = pair.common;
  const key = [common, `${common}_value`, `the_${common}`].find((key) =>
    nearNames(key, allNames(scene), 1).length === 0
  );
  if (key === undefined) return false;
  for (const row of scene.rows) row.fields = row.fields.filter((field) => !isFor(field, other));
  if (fieldsOf(scene, meant).length === 0) return false;
  for (const column of pair.twins) column.marks.add("name").add("gone");
  respell(scene, meant, key, addMutation(scene, "between two twins", "rescue"));
  return true;
};

/** The column's own name is sent as well: the other spelling has no column left. */
export const twoSpellings: Mutate = (scene) => {
  const [column] = freeColumns(
    scene,
    "spelling",
    (column) => isOwnName(column) && column.name.includes("_") && fieldsOf(scene, column).length > 0,
  );
  if (column === undefined || column === scene.keyColumn) return false;
  const key = writeName(column.name, scene.draw.pick(["camelCase", "kebab-case", "PascalCase"]));
  column.marks.add("spelling").add("name").add("value");
  const mutation = addMutation(scene, "two spellings of one name", "rescue");
  for (const row of scene.rows) {
    if (!row.fields.some((field) => isFor(field, column))) continue;
    const value = makeValue(column, scene.draw);
    row.fields.push({ key, value, places: [], mutations: new Set([mutation]), isTouched: true });
  }
  return true;
};

/** By a guess the wrong rows would be changed. */
export const misspeltMatch: Mutate = (scene) => {
  const [field] = scene.match;
  if (field === undefined || scene.keyColumn.marks.size > 0) return false;
  const key = slipOf(scene, field.key);
  if (key === undefined) return false;
  const mutation = addMutation(scene, "slip in the match", "refuse");
  field.key = key;
  field.mutations.add(mutation);
  scene.keyColumn.marks.add("spelling").add("name");
  for (const row of scene.rows) row.isBlocked = true;
  return true;
};

/** An unseen name of a key leaves its rows without one. */
export const misspeltKey: Mutate = (scene) => {
  const { keyColumn } = scene;
  if (scene.operation === "update" || keyColumn.marks.size > 0 || fieldsOf(scene, keyColumn).length === 0) return false;
  if (squash(keyColumn.name).length < 5) return false;
  const key = slipOf(scene, keyColumn.name);
  if (key === undefined) return false;
  const isUpsert = scene.operation === "upsert";
  keyColumn.marks.add("name");
  respell(
    scene,
    keyColumn,
    key,
    addMutation(scene, isUpsert ? "slip in an upsert's key" : "slip in the row's key", isUpsert ? "rescue" : "heal"),
  );
  if (isUpsert) blockRowsWithout(scene, keyColumn);
  return true;
};
