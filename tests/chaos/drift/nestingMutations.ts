import { wordBank } from "../../../bench/matcher/wordBank.ts";
import { stableJson } from "./canonicalText.ts";
import {
  addMutation,
  alter,
  fieldsOf,
  freeColumns,
  ident,
  isDdlOpen,
  isFor,
  type Mutate,
  type Scene,
  type SceneColumn,
  type SceneRow,
  takeForm,
} from "./scene.ts";

function claim(columns: readonly SceneColumn[]): void {
  for (const column of columns) {
    for (const mark of ["name", "spelling", "type", "value", "gone"] as const) column.marks.add(mark);
  }
}

/** Columns whose names begin with the same word, which is no column itself. */
function columnGroups(scene: Scene): Map<string, SceneColumn[]> {
  const free = freeColumns(
    scene,
    "gone",
    (column) =>
      column.marks.size === 0 && column !== scene.keyColumn && column.isNullable && column.name.includes("_") &&
      column.type !== "jsonb",
  );
  const groups = Map.groupBy(free, ({ name }) => name.split("_")[0]!);
  const isGroup = (prefix: string, columns: readonly SceneColumn[]) =>
    columns.length >= 2 && scene.columns.every(({ name }) => name !== prefix);
  return new Map([...groups].filter(([prefix, columns]) => isGroup(prefix, columns)));
}

/** Puts the row's fields for the columns into one object. */
function nest(row: SceneRow, prefix: string, columns: readonly SceneColumn[], mutation: number): void {
  const fields = row.fields.filter((field) => columns.some((column) => isFor(field, column)));
  if (fields.length === 0) return;
  const object = Object.fromEntries(fields.map(({ key, value }) => [key.slice(prefix.length + 1), value]));
  const places = fields.flatMap((field) => field.places.map((place) => ({ ...place, value: field.value })));
  row.fields = row.fields.filter((field) => !fields.includes(field));
  row.fields.push({ key: prefix, value: object, places, mutations: new Set([mutation]), isTouched: true });
}

/** The payload has an object where the table has a column for each of its members. */
export const nestedPayload: Mutate = (scene) => {
  const groups = [...columnGroups(scene)].filter(([, columns]) =>
    columns.every((column) => fieldsOf(scene, column).length > 0)
  );
  if (groups.length === 0) return false;
  const [prefix, columns] = scene.draw.pick(groups);
  const mutation = addMutation(scene, "nested object for flattened columns", "heal");
  claim(columns);
  for (const row of scene.rows) nest(row, prefix, columns, mutation);
  return true;
};

const members = ["city", "note", "weight"] as const;

function makeMembers({ draw }: Scene): Record<string, unknown> {
  return { city: draw.pick(wordBank.en.cities), note: draw.pick(wordBank.en.nouns), weight: draw.int(1, 999) };
}

function objectColumn(scene: Scene): SceneColumn | undefined {
  return freeColumns(
    scene,
    "gone",
    (column) => column.type === "jsonb" && column.marks.size === 0 && fieldsOf(scene, column).length > 0,
  )[0];
}

/** Lays the object that the row has for the column out over keys of their own. */
function flatten(scene: Scene, row: SceneRow, column: SceneColumn, mutation: number): void {
  const at = row.fields.findIndex((field) => isFor(field, column));
  if (at < 0) return;
  const object = Object.entries(makeMembers(scene));
  row.fields.splice(
    at,
    1,
    ...object.map(([member, value]) => ({
      key: `${column.bornAs}_${member}`,
      value,
      places: [{ column, member, holds: [stableJson(value)] }],
      mutations: new Set([mutation]),
      isTouched: true,
    })),
  );
}

/** The payload has keys of their own for what the table has in one JSON column. */
export const flattenedPayload: Mutate = (scene) => {
  const column = objectColumn(scene);
  if (column === undefined || (scene.operation !== "insert" && scene.operation !== "batch")) return false;
  const mutation = addMutation(scene, "flattened keys for a JSON column", "heal");
  claim([column]);
  for (const row of scene.rows) flatten(scene, row, column, mutation);
  return true;
};

/** A JSON column is dropped for columns of its members; the payload still has the object. */
export const columnFlattened: Mutate = (scene) => {
  const column = objectColumn(scene);
  if (!isDdlOpen(scene) || column === undefined || !takeForm(scene, "old")) return false;
  const mutation = addMutation(scene, "JSON column flattened by DDL", "heal");
  claim([column]);
  const made = members.map((member): SceneColumn => ({
    ...column,
    bornAs: `${column.name}_${member}`,
    name: `${column.name}_${member}`,
    type: member === "weight" ? "integer" : "text",
    isNullable: true,
    isBorn: false,
    marks: new Set(column.marks),
  }));
  scene.ddl.after.push(
    ...made.map(({ name, type }) => alter(`add column ${ident(name)} ${type}`)),
    alter(`drop column ${ident(column.name)}`),
  );
  const fields = fieldsOf(scene, column);
  column.isDropped = true;
  scene.columns.push(...made);
  for (const field of fields) {
    const object = makeMembers(scene);
    field.value = object;
    field.places = made.map((each, at) => ({ column: each, value: object[members[at]!] }));
    field.mutations.add(mutation);
    field.isTouched = true;
  }
  return true;
};

/** Columns are dropped for one JSON column; the payload still has their keys. */
export const columnsNested: Mutate = (scene) => {
  if (!isDdlOpen(scene) || (scene.operation !== "insert" && scene.operation !== "batch")) return false;
  const groups = [...columnGroups(scene)].filter(([, columns]) =>
    columns.every((column) => fieldsOf(scene, column).length > 0)
  );
  if (groups.length === 0) return false;
  const [prefix, columns] = scene.draw.pick(groups);
  const rows = scene.rows.filter((row) => row.fields.some((field) => columns.some((column) => isFor(field, column))));
  const isWhole = rows.every((row) => columns.every((column) => row.fields.some((field) => isFor(field, column))));
  if (!isWhole || !takeForm(scene, "old")) return false;
  const mutation = addMutation(scene, "columns nested into JSON by DDL", "heal");
  claim(columns);
  const { name: _name, ...like } = columns[0]!;
  const made: SceneColumn = {
    ...like,
    bornAs: prefix,
    name: prefix,
    type: "jsonb",
    labels: [],
    defaultSql: undefined,
    defaultText: null,
    isBorn: false,
    marks: new Set(columns[0]!.marks),
  };
  scene.ddl.after.push(
    alter(`add column ${ident(prefix)} jsonb`),
    ...columns.map(({ name }) => alter(`drop column ${ident(name)}`)),
  );
  for (const row of rows) {
    for (const field of row.fields) {
      const column = columns.find((column) => isFor(field, column));
      if (column === undefined) continue;
      field.places = [{ column: made, member: field.key.slice(prefix.length + 1), holds: [stableJson(field.value)] }];
      field.mutations.add(mutation);
      field.isTouched = true;
    }
  }
  for (const column of columns) column.isDropped = true;
  scene.columns.push(made);
  return true;
};
