import { wordBank } from "../../../bench/matcher/wordBank.ts";
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
  tableNow,
} from "./scene.ts";

const plainDefaults: Readonly<Record<string, readonly [sql: string, text: string]>> = {
  text: ["'unknown'", "unknown"],
  integer: ["0", "0"],
  bigint: ["0", "0"],
  smallint: ["1", "1"],
  boolean: ["false", "false"],
  date: ["'2000-01-01'", "2000-01-01"],
};

function makeRequired(scene: Scene, column: SceneColumn, defaultSql: string): void {
  scene.ddl.after.push(
    `update ${tableNow} set ${ident(column.name)} = ${defaultSql} where ${ident(column.name)} is null`,
    alter(`alter ${ident(column.name)} set not null`),
  );
}

const isNulled = ({ isNullable, type, defaultSql, marks }: SceneColumn) =>
  isNullable && defaultSql === undefined && Object.hasOwn(plainDefaults, type) && !marks.has("type");

/** A null for a column that has become required: its default may stand in, if the null is kept. */
export const nullForDefault: Mutate = (scene) => {
  const [column] = freeColumns(scene, "value", isNulled);
  if (!isDdlOpen(scene) || column === undefined || fieldsOf(scene, column).length === 0) return false;
  const [sql, text] = plainDefaults[column.type]!;
  const hasDefault = scene.operation !== "update" && scene.operation !== "upsert" && scene.draw.chance(0.6);
  makeRequired(scene, column, sql);
  if (hasDefault) scene.ddl.after.push(alter(`alter ${ident(column.name)} set default ${sql}`));
  column.isNullable = false;
  if (hasDefault) [column.defaultSql, column.defaultText] = [sql, text];
  column.marks.add("value").add("type");
  const mutation = addMutation(
    scene,
    hasDefault ? "null where a default fills" : "null where none is allowed",
    hasDefault ? "heal" : "refuse",
  );
  const fields = fieldsOf(scene, column);
  for (const row of scene.rows) {
    const field = row.fields.find((field) => fields.includes(field));
    if (field === undefined) {
      if (!hasDefault && scene.operation !== "update") row.isBlocked = true;
      continue;
    }
    if (field !== fields[0] && scene.draw.chance(0.5)) continue;
    field.value = null;
    field.mutations.add(mutation);
    field.isTouched = true;
    field.places = [{ column, holds: hasDefault ? [text] : [] }];
    if (!hasDefault) row.isBlocked = true;
  }
  return true;
};

/** A column that has become required, and is not sent. */
export const requiredAndMissing: Mutate = (scene) => {
  const [column] = freeColumns(scene, "value", (column) => isNulled(column) && column.marks.size === 0).reverse();
  if (!isDdlOpen(scene) || column === undefined || scene.operation === "update") return false;
  if (scene.rows.some(({ fields }) => fields.every((field) => isFor(field, column)))) return false;
  for (const row of scene.rows) row.fields = row.fields.filter((field) => !isFor(field, column));
  const [sql, text] = plainDefaults[column.type]!;
  const hasDefault = scene.draw.chance(0.6);
  makeRequired(scene, column, sql);
  if (hasDefault) scene.ddl.after.push(alter(`alter ${ident(column.name)} set default ${sql}`));
  column.isNullable = false;
  if (hasDefault) [column.defaultSql, column.defaultText] = [sql, text];
  column.marks.add("gone");
  const mutation = addMutation(
    scene,
    hasDefault ? "not sent where a default fills" : "not sent where it is required",
    hasDefault ? "as sent" : "refuse",
  );
  for (const row of scene.rows) {
    row.mutations.add(mutation);
    if (!hasDefault) row.isBlocked = true;
  }
  return true;
};

function enumColumn(scene: Scene): SceneColumn | undefined {
  return freeColumns(
    scene,
    "value",
    (column) => column.labels.length > 0 && !column.marks.has("type") && fieldsOf(scene, column).length > 0,
  )[0];
}

/** The catalog knows which label it was. */
export const labelRenamed: Mutate = (scene) => {
  const column = enumColumn(scene);
  if (!isDdlOpen(scene) || column === undefined) return false;
  const { draw } = scene;
  const label = draw.pick(column.labels);
  const renamed = `${draw.pick(wordBank.en.adjectives)}_${draw.pick(wordBank.en.nouns)}`;
  scene.ddl.after.push(`alter type public.${ident(column.enumType!)} rename value '${label}' to '${renamed}'`);
  column.labels = column.labels.map((each) => each === label ? renamed : each);
  const kind = scene.isSeen ? "enum label renamed" : "enum label renamed, nobody saw it before";
  const mutation = addMutation(scene, kind, scene.isSeen ? "heal" : "refuse");
  column.marks.add("value").add("type");
  const fields = fieldsOf(scene, column);
  for (const row of scene.rows) {
    const field = row.fields.find((field) => fields.includes(field));
    if (field === undefined || (field.value !== label && field !== fields[0] && draw.chance(0.6))) continue;
    field.value = label;
    field.places = [{ column, holds: [renamed] }];
    field.mutations.add(mutation);
    field.isTouched = true;
    if (!scene.isSeen) row.isBlocked = true;
  }
  for (const seed of scene.seeds) {
    for (const field of seed.fields) {
      if (isFor(field, column) && field.value === label) field.places = [{ column, holds: [renamed] }];
    }
  }
  return true;
};

/** A label but for its case and separators. */
export const labelRespelt: Mutate = (scene) => {
  const column = enumColumn(scene);
  if (column === undefined) return false;
  const { draw } = scene;
  const mutation = addMutation(scene, "enum label in another spelling", "heal");
  mark(scene, column, "value", mutation);
  column.marks.add("type");
  for (const field of fieldsOf(scene, column)) {
    const label = draw.pick(column.labels);
    field.value = draw.pick([
      label.toUpperCase(),
      label[0]!.toUpperCase() + label.slice(1),
      label.split("_").map((word) => word[0]!.toUpperCase() + word.slice(1)).join(" "),
      ` ${label.replaceAll("_", "-").toUpperCase()} `,
    ]);
    field.places = [{ column, holds: [label] }];
    field.isTouched = true;
  }
  return true;
};

/** A label that is new, and one that is none. */
export const labelAdded: Mutate = (scene) => {
  const column = enumColumn(scene);
  if (!isDdlOpen(scene) || column === undefined) return false;
  const { draw } = scene;
  const isKnown = draw.chance(0.5);
  const label = `${draw.pick(wordBank.en.verbs)}_${draw.pick(wordBank.en.nouns)}`;
  if (isKnown) scene.ddl.after.push(`alter type public.${ident(column.enumType!)} add value '${label}'`);
  const mutation = addMutation(
    scene,
    isKnown ? "enum label added" : "unfit: no label of the enum",
    isKnown ? "as sent" : "refuse",
  );
  column.marks.add("value").add("type");
  const row = draw.pick(scene.rows.filter((row) => row.fields.some((field) => isFor(field, column))));
  const field = row.fields.find((field) => isFor(field, column))!;
  field.value = label;
  field.places = [{ column, holds: isKnown ? [label] : [] }];
  field.mutations.add(mutation);
  if (!isKnown) field.isTouched = row.isBlocked = true;
  return true;
};

/** What Postgres fills, or takes, by itself. */
export const columnAdded: Mutate = (scene) => {
  if (!isDdlOpen(scene)) return false;
  const { draw } = scene;
  const name = `${draw.pick(wordBank.en.nouns)}_${draw.pick(["rank", "memo", "grade"])}`;
  const isRequired = draw.chance(0.5);
  scene.ddl.after.push(alter(`add column ${ident(name)} text${isRequired ? " not null default 'none'" : ""}`));
  const mutation = addMutation(scene, isRequired ? "required column with a default added" : "column added", "as sent");
  for (const row of scene.rows) row.mutations.add(mutation);
  const column = scene.columns.find(({ sort }) => sort !== "labels")!;
  scene.columns.push({
    ...column,
    bornAs: name,
    name,
    type: "text",
    labels: [],
    isNullable: !isRequired,
    defaultSql: isRequired ? "'none'" : undefined,
    defaultText: isRequired ? "none" : null,
    isBorn: false,
    marks: new Set(["gone"]),
  });
  return true;
};
