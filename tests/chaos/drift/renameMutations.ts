import { conventions, writeName } from "./names.ts";
import { newColumnName } from "./newColumnName.ts";
import {
  addMutation,
  alter,
  earlyRows,
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
  takeForm,
} from "./scene.ts";

/** Renames the column by DDL; what is sent keeps its keys. */
export function rename(scene: Scene, column: SceneColumn, to: string, stage: "middle" | "after" = "after"): void {
  scene.ddl[stage].push(alter(`rename ${ident(column.name)} to ${ident(to)}`));
  column.name = to;
}

/** The fields under the column's keys no longer name it. */
export function touch(scene: Scene, column: SceneColumn): void {
  for (const field of fieldsOf(scene, column)) field.isTouched = true;
}

/** Rows that lack what they must have cannot land. */
export function blockRowsWithout(scene: Scene, column: SceneColumn): void {
  const isInMatch = scene.match.some((field) => isFor(field, column));
  const isInConflict = scene.operation === "upsert" && column === scene.keyColumn;
  for (const row of scene.rows) {
    const isSent = row.fields.some((field) => isFor(field, column));
    const isLacking = !column.isNullable && column.defaultSql === undefined && scene.operation !== "update" &&
      (isSent || column !== scene.keyColumn);
    if (isLacking || isInMatch || isInConflict) row.isBlocked = true;
  }
}

const isUsed = (scene: Scene) => (column: SceneColumn) =>
  fieldsOf(scene, column).length > 0 || scene.match.some((field) => isFor(field, column));

/** The catalog knows who it is, if somebody has looked in time. */
export const columnRenamed: Mutate = (scene) => {
  if (!isDdlOpen(scene)) return false;
  const [column] = freeColumns(scene, "name", isUsed(scene));
  if (column === undefined || !takeForm(scene, "old")) return false;
  rename(scene, column, newColumnName(scene, column));
  const kind = scene.isSeen ? "column renamed" : "column renamed, nobody saw it before";
  mark(scene, column, "name", addMutation(scene, kind, scene.isSeen ? "heal" : "rescue"));
  touch(scene, column);
  if (!scene.isSeen) {
    column.marks.add("spelling").add("type");
    blockRowsWithout(scene, column);
  }
  return true;
};

/** Two steps; the payload has the first name, or the one in between. */
export const columnRenamedTwice: Mutate = (scene) => {
  if (!isDdlOpen(scene) || !scene.isSeen) return false;
  const [column] = freeColumns(scene, "name", isUsed(scene));
  if (column === undefined || column.marks.size > 0 || !takeForm(scene, "old")) return false;
  const middle = newColumnName(scene, column);
  rename(scene, column, middle, "middle");
  rename(scene, column, newColumnName(scene, column));
  const isMiddle = scene.draw.chance(0.4);
  const isKnown = !isMiddle || scene.isMiddleSeen;
  const kind = isMiddle ? "column renamed twice, name in between" : "column renamed twice, first name";
  const told = isKnown ? kind : `${kind}, nobody saw it`;
  mark(scene, column, "name", addMutation(scene, told, isKnown ? "heal" : "rescue"));
  touch(scene, column);
  column.marks.add("spelling");
  if (!isMiddle) return true;
  for (const field of [...fieldsOf(scene, column), ...scene.match.filter((field) => isFor(field, column))]) {
    field.key = middle;
  }
  if (column === scene.keyColumn) scene.conflictKey = middle;
  if (!isKnown) blockRowsWithout(scene, column);
  return true;
};

/** What was healed must be told again after the column, or another one, got yet another name. */
export const columnRenamedAfterHeal: Mutate = (scene) => {
  const { ddl } = scene;
  if (!isDdlOpen(scene) || !scene.isSeen || ddl.middle.length + ddl.after.length > 0) return false;
  const [column, other] = freeColumns(scene, "name", isUsed(scene));
  if (column === undefined || !takeForm(scene, "old")) return false;
  const later = scene.draw.chance(0.5) ? column : other ?? column;
  rename(scene, column, newColumnName(scene, column), "middle");
  rename(scene, later, newColumnName(scene, later));
  const mutation = addMutation(scene, "column renamed, healed, renamed again", "heal");
  scene.middleCalls = 1;
  for (const each of new Set([column, later])) {
    mark(scene, each, "name", mutation);
    each.marks.add("spelling").add("type").add("value");
  }
  touch(scene, column);
  // What is renamed later only was still called so when the first rows were sent.
  const early = earlyRows(scene).flatMap(({ fields }) => fields);
  for (const field of fieldsOf(scene, later)) field.isTouched ||= !early.includes(field);
  return true;
};

/** Two certain steps: the spelling, and the catalog. */
export const oldNameInConvention: Mutate = (scene) => {
  if (!isDdlOpen(scene) || !scene.isSeen) return false;
  const [column] = freeColumns(
    scene,
    "name",
    (column) => fieldsOf(scene, column).length > 0 && column.name.includes("_") && !column.marks.has("spelling"),
  );
  if (column === undefined || column === scene.keyColumn || !takeForm(scene, "old")) return false;
  const key = writeName(column.name, scene.draw.pick(conventions));
  rename(scene, column, newColumnName(scene, column));
  const mutation = addMutation(scene, "column renamed, old name in another convention", "heal");
  mark(scene, column, "name", mutation);
  mark(scene, column, "spelling", mutation);
  touch(scene, column);
  for (const field of fieldsOf(scene, column)) field.key = key;
  return true;
};

/** Also twice; another table may be its near-twin by name. */
export const tableRenamed: Mutate = (scene) => {
  if (!isDdlOpen(scene) || scene.table !== scene.bornAs) return false;
  const { draw, bornAs, number, isSeen } = scene;
  const isTwice = isSeen && draw.chance(0.4);
  const names = draw.shuffle([
    `all_${bornAs}`,
    `${bornAs}_v2`,
    `${draw.pick(["ledger", "archive", "entries"])}_${number}`,
  ]);
  if (isTwice) scene.ddl.middle.push({ renameTable: names[0]! });
  scene.table = names[1]!;
  scene.ddl.after.push({ renameTable: scene.table });
  const kind = isTwice ? "table renamed twice" : isSeen ? "table renamed" : "table renamed, nobody saw it before";
  const mutation = addMutation(scene, kind, isSeen ? "heal" : "refuse");
  for (const row of scene.rows) {
    row.mutations.add(mutation);
    if (!isSeen) row.isBlocked = true;
  }
  return true;
};

/** Its twin must not take what was meant for it. */
export const tableDropped: Mutate = (scene) => {
  const { bornAs, mutations } = scene;
  if (!isDdlOpen(scene) || scene.table !== bornAs || mutations.length > 0) return false;
  const twin = scene.draw.pick([`${bornAs}_old`, `${scene.catalog.name}s_${scene.number}`]);
  scene.ddl.before.push(`create table public.${ident(twin)} (like public.${ident(bornAs)} including all)`);
  scene.ddl.after.push(`drop table ${tableNow}`);
  scene.bystanders.push(twin);
  scene.table = undefined;
  const mutation = addMutation(scene, "table dropped, a twin stays", "refuse");
  for (const row of scene.rows) {
    row.mutations.add(mutation);
    row.isBlocked = true;
  }
  return true;
};
