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
import { type TypeTransition, typeTransitions } from "./typeTransitions.ts";
import { type UnfitTransition, unfitTransitions } from "./unfitTransitions.ts";

/** Changes the column's type by DDL; `make` gives what is sent from now on, and `makeSeed` what was there. */
function retype(scene: Scene, column: SceneColumn, transition: TypeTransition | UnfitTransition): void {
  const { to, using, makeSeed = transition.make } = transition;
  for (const { fields } of scene.seeds) {
    for (const field of fields) {
      if (!isFor(field, column)) continue;
      const { sent, holds } = makeSeed(scene.draw);
      field.value = sent;
      field.places = [{ column, ...(holds === undefined ? {} : { holds }) }];
    }
  }
  const changed = using.replaceAll(/\bx\b/g, ident(column.name));
  scene.ddl.after.push(alter(`alter ${ident(column.name)} type ${to} using ${changed}`));
  column.type = to;
}

const takes = (scene: Scene, from: string) => (column: SceneColumn) =>
  column.type === from && column !== scene.keyColumn && column.defaultSql === undefined && column.labels.length === 0 &&
  column.marks.size <= 1 && !column.marks.has("value");

/** A type that changes while payloads keep their form. */
export const typeChanged: Mutate = (scene) => {
  if (!isDdlOpen(scene)) return false;
  for (const transition of scene.draw.shuffle(typeTransitions)) {
    const [column] = freeColumns(scene, "type", takes(scene, transition.from));
    if (column === undefined || fieldsOf(scene, column).length === 0) continue;
    const { from, to, isRefused, make } = transition;
    retype(scene, column, transition);
    const kind = `type ${from} to ${to}${isRefused ? ", another form" : ""}`;
    mark(scene, column, "type", addMutation(scene, kind, isRefused ? "heal" : "as sent"));
    for (const field of fieldsOf(scene, column)) {
      const { sent, holds } = make(scene.draw);
      field.value = sent;
      field.places = [{ column, ...(holds === undefined ? {} : { holds }) }];
      field.isTouched ||= isRefused;
    }
    return true;
  }
  return false;
};

/** A type that changes, or is narrower than the value, so that something would be lost. */
export const valueUnfit: Mutate = (scene) => narrow(scene, unfitTransitions.filter(({ isSilent }) => !isSilent));

/** Under another name, what Postgres would take and cut without a word. */
export const renamedAndNarrowed: Mutate = (scene) => narrow(scene, unfitTransitions.filter(({ isSilent }) => isSilent));

function narrow(scene: Scene, transitions: readonly UnfitTransition[]): boolean {
  if (!isDdlOpen(scene)) return false;
  for (const transition of scene.draw.shuffle(transitions)) {
    const isOpen = (column: SceneColumn) => {
      if (!takes(scene, transition.from)(column)) return false;
      return transition.isSilent ? scene.isSeen && column.marks.size === 0 : column.name === column.bornAs;
    };
    const [column] = freeColumns(scene, "type", isOpen);
    if (column === undefined || fieldsOf(scene, column).length === 0) continue;
    if (transition.isSilent) {
      if (!takeForm(scene, "old")) return false;
      rename(scene, column, newColumnName(scene, column));
      touch(scene, column);
      column.marks.add("name").add("spelling");
    }
    if (transition.to !== transition.from) retype(scene, column, transition);
    const mutation = addMutation(scene, `unfit: ${transition.name}`, "refuse");
    mark(scene, column, "type", mutation);
    column.marks.add("value");
    const rows = scene.rows.filter((row) => row.fields.some((field) => isFor(field, column)));
    for (const row of rows) {
      const field = row.fields.find((field) => isFor(field, column))!;
      const isUnfit = row === rows[0] || scene.draw.chance(0.2);
      const { sent, holds } = isUnfit ? { ...transition.make(scene.draw), holds: [] } : transition.makeSeed(scene.draw);
      field.value = sent;
      field.places = [{ column, ...(holds === undefined ? {} : { holds }) }];
      if (isUnfit) field.isTouched = row.isBlocked = true;
      else field.mutations.delete(mutation);
    }
    return true;
  }
  return false;
}

/** What has been a text becomes an enum whose labels are written otherwise. */
export const textToEnum: Mutate = (scene) => {
  if (!isDdlOpen(scene)) return false;
  const { draw } = scene;
  const [column] = freeColumns(scene, "type", takes(scene, "text"));
  if (column === undefined || fieldsOf(scene, column).length === 0 || column.marks.size > 0) return false;
  const labels = draw.pick([["on_hold", "in_progress", "done"], ["gold", "silver", "not_rated"]]);
  const type = `${scene.bornAs}_${column.bornAs}_label`;
  const isSpelt = draw.chance(0.6);
  const write = (label: string) =>
    draw.pick([
      label.toUpperCase(),
      label.replaceAll("_", "-").toUpperCase(),
      label[0]!.toUpperCase() + label.slice(1).replaceAll("_", " "),
    ]);
  retype(scene, column, {
    from: "text",
    to: `public.${ident(type)}`,
    using: `x::public.${ident(type)}`,
    isRefused: isSpelt,
    make: (draw) => ({ sent: draw.pick(labels) }),
  });
  column.type = "enum";
  column.marks.add("value");
  scene.ddl.before.push(
    `create type public.${ident(type)} as enum (${labels.map((label) => `'${label}'`).join(", ")})`,
  );
  scene.cleanUp.push(`drop type if exists public.${ident(type)} cascade`);
  const kind = isSpelt ? "type text to enum, another spelling" : "type text to enum";
  mark(scene, column, "type", addMutation(scene, kind, isSpelt ? "heal" : "as sent"));
  for (const field of fieldsOf(scene, column)) {
    const label = draw.pick(labels);
    const spelt = isSpelt ? write(label) : label;
    field.value = spelt;
    field.places = [{ column, holds: [label] }];
    field.isTouched ||= spelt !== label;
  }
  return true;
};

/** Text that no column of Postgres holds. */
export const textUnstorable: Mutate = (scene) => {
  const [column] = freeColumns(scene, "value", (column) => column.type === "text" && column !== scene.keyColumn);
  const [row] = scene.rows.filter((row) => column !== undefined && row.fields.some((field) => isFor(field, column)));
  if (column === undefined || row === undefined || column.marks.has("type")) return false;
  const mutation = addMutation(scene, "unfit: NUL or half a character in a text", "refuse");
  const field = row.fields.find((field) => isFor(field, column))!;
  field.value = `${makeValue(column, scene.draw)}${scene.draw.pick(["\u0000", "\ud83d"])}`;
  field.places = [{ column, holds: [] }];
  field.mutations.add(mutation);
  field.isTouched = true;
  row.isBlocked = true;
  column.marks.add("value").add("type");
  return true;
};
