import { makeValue } from "./makeValue.ts";
import { newColumnName } from "./newColumnName.ts";
import { rename, touch } from "./renameMutations.ts";
import {
  addMutation,
  alter,
  fieldsOf,
  freeColumns,
  ident,
  isDdlOpen,
  isFor,
  mark,
  type Mutate,
  type Scene,
  type SceneColumn,
  takeForm,
} from "./scene.ts";

function swapNames(scene: Scene, one: SceneColumn, other: SceneColumn): void {
  const [first, second] = [one.name, other.name];
  rename(scene, one, `${first}_swapping`);
  rename(scene, other, first);
  rename(scene, one, second);
}

/** Columns of the payload that may change their names, none of which is the key. */
function namesToMove(scene: Scene, isFit: (column: SceneColumn) => boolean = () => true): SceneColumn[] {
  return freeColumns(scene, "name", (column) => column.marks.size === 0 && column !== scene.keyColumn && isFit(column));
}

/** Gives every row that has one of the columns a value for all of them. */
function sendTogether(scene: Scene, columns: readonly SceneColumn[]): void {
  for (const row of scene.rows) {
    const sent = columns.filter((column) => row.fields.some((field) => isFor(field, column)));
    if (sent.length === 0 && row !== scene.rows[0]) continue;
    for (const column of columns) {
      if (sent.includes(column)) continue;
      const value = makeValue(column, scene.draw);
      row.fields.push({ key: column.name, value, places: [{ column }], mutations: new Set(), isTouched: false });
    }
  }
}

/** Whoever knows of the swap is taken at his word, whatever else has to be healed. */
export const swappedAndKnown: Mutate = (scene) => {
  const columns = namesToMove(scene);
  const one = columns[0];
  const other = columns.find((column) =>
    column !== one && column.type === one?.type && column.isNullable === one.isNullable
  );
  if (!isDdlOpen(scene) || one === undefined || other === undefined || one.type === "enum") return false;
  if (!takeForm(scene, "new")) return false;
  swapNames(scene, one, other);
  const mutation = addMutation(scene, "names swapped, the payload knows", "as sent");
  for (const column of [one, other]) {
    for (const field of fieldsOf(scene, column)) field.key = column.name;
    mark(scene, column, "name", mutation);
    column.marks.add("spelling").add("type");
  }
  return true;
};

/** A third key that only the old form has tells that the swapped names are the old ones, too. */
export const swappedInOldForm: Mutate = (scene) => {
  const columns = namesToMove(scene);
  const one = columns[0];
  const other = columns.find((column) =>
    column !== one && column.type === one?.type && column.isNullable === one.isNullable
  );
  const third = columns.find((column) => column !== one && column !== other);
  if (!isDdlOpen(scene) || !scene.isSeen || one === undefined || other === undefined || third === undefined) {
    return false;
  }
  if (one.type === "enum" || !takeForm(scene, "old")) return false;
  sendTogether(scene, [one, other, third]);
  swapNames(scene, one, other);
  rename(scene, third, newColumnName(scene, third));
  return markAll(scene, [one, other, third], "names swapped, a third key tells the old form", "heal");
};

/** Each name is the next column's by now; the first one, which is nobody's, tells the old form. */
export const namesMovedOn: Mutate = (scene) => {
  const columns = namesToMove(scene);
  const one = columns[0];
  const other = columns.find((column) => column !== one && column.type === one?.type);
  if (!isDdlOpen(scene) || !scene.isSeen || one === undefined || other === undefined || one.type === "enum") {
    return false;
  }
  if (!takeForm(scene, "old")) return false;
  sendTogether(scene, [one, other]);
  const freed = other.name;
  rename(scene, other, newColumnName(scene, other));
  rename(scene, one, freed);
  return markAll(scene, [one, other], "names moved on by one", "heal");
};

/** Postgres refuses the text in the number's column: nothing may be made to fit. */
export const swappedAcrossTypes: Mutate = (scene) => {
  const [text] = namesToMove(
    scene,
    ({ type, sort }) => type === "text" && ["city", "company", "person", "title"].includes(sort),
  );
  const [other] = namesToMove(scene, ({ type }) => /^(?:integer|bigint|date|timestamptz|boolean)$/.test(type));
  if (!isDdlOpen(scene) || !scene.isSeen || text === undefined || other === undefined) return false;
  if (!takeForm(scene, "new")) return false;
  sendTogether(scene, [text, other]);
  swapNames(scene, text, other);
  for (const row of scene.rows) {
    if (row.fields.some((field) => isFor(field, text))) row.isBlocked = true;
  }
  return markAll(scene, [text, other], "names of two types swapped", "refuse");
};

/** The old name is a new column's; who sends it means that one, as far as anybody can tell. */
export const renamedAndReplaced: Mutate = (scene) => {
  const [column] = namesToMove(scene, ({ isNullable, type }) => isNullable && type !== "enum");
  if (!isDdlOpen(scene) || column === undefined || fieldsOf(scene, column).length === 0) return false;
  if (!takeForm(scene, "new")) return false;
  const { name } = column;
  const fields = fieldsOf(scene, column);
  rename(scene, column, newColumnName(scene, column));
  scene.ddl.after.push(alter(`add column ${ident(name)} ${column.type}`));
  const replacing: SceneColumn = {
    ...column,
    name,
    defaultSql: undefined,
    defaultText: null,
    isBorn: false,
    marks: new Set(["gone"]),
  };
  scene.columns.push(replacing);
  column.marks.add("gone");
  const mutation = addMutation(scene, "column renamed, a new one has its name", "as sent");
  for (const field of fields) {
    field.places = [{ column: replacing }];
    field.mutations.add(mutation);
  }
  return true;
};

function markAll(scene: Scene, columns: readonly SceneColumn[], kind: string, expectation: "heal" | "refuse"): true {
  const mutation = addMutation(scene, kind, expectation);
  for (const column of columns) {
    mark(scene, column, "name", mutation);
    touch(scene, column);
    for (const other of ["spelling", "type", "value"] as const) column.marks.add(other);
  }
  return true;
}
