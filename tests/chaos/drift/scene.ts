import type { Draw } from "../../../bench/matcher/drawFrom.ts";
import type { DriftCall, Expectation, Mutation } from "./drift.ts";
import type { CatalogTable, ValueSort } from "./tableCatalog.ts";

/** What a mutation does to a column; a column bears one of each sort. */
export type Mark = "name" | "spelling" | "type" | "value" | "gone";

/** A column while a drift is being made. */
export interface SceneColumn {
  readonly bornAs: string;
  /** By now. */
  name: string;
  type: string;
  labels: string[];
  /** The name of the enum's type. */
  readonly enumType: string | undefined;
  sort: ValueSort;
  isNullable: boolean;
  defaultSql: string | undefined;
  /** Canonical text that a default gives; undefined where it cannot be foretold. */
  defaultText: string | null | undefined;
  isDropped: boolean;
  isGenerated: boolean;
  /** Was it there from the beginning? */
  readonly isBorn: boolean;
  readonly marks: Set<Mark>;
}

/** A place for a value, as long as its column may still be renamed or retyped. */
export interface ScenePlace {
  readonly column: SceneColumn;
  readonly member?: string;
  /** Where it differs from what the value says by itself; empty where it does not fit. */
  readonly holds?: readonly string[];
  /** The part of the field's value that belongs here; without it, the whole value. */
  readonly value?: unknown;
}

/** A key of a row while a drift is being made. */
export interface SceneField {
  key: string;
  value: unknown;
  places: readonly ScenePlace[];
  readonly mutations: Set<number>;
  isTouched: boolean;
}

/** A row while a drift is being made. */
export interface SceneRow {
  fields: SceneField[];
  isBlocked: boolean;
  /** Of a row that is there before: its place in {@link Scene.seeds}. */
  seed: number | undefined;
  readonly mutations: Set<number>;
}

/** A table, its seeds, and the payload for it, to be changed by mutations. */
export interface Scene {
  readonly number: number;
  readonly draw: Draw;
  readonly catalog: CatalogTable;
  readonly bornAs: string;
  /** By now; undefined where it is gone. */
  table: string | undefined;
  readonly columns: SceneColumn[];
  readonly keyColumn: SceneColumn;
  readonly operation: DriftCall["operation"];
  /** Is the row's key made by the database? */
  readonly isKeyMade: boolean;
  readonly seeds: SceneRow[];
  readonly rows: SceneRow[];
  /** The fields that an update's rows must have. */
  readonly match: SceneField[];
  /** The names by which an upsert finds its rows, one. */
  conflictKey: string;
  /** Has somebody seen the schema before it changed? */
  readonly isSeen: boolean;
  /** {@linkcode tableNow} stands where the table has a name that depends on the order. */
  readonly ddl: { readonly before: string[]; readonly middle: DdlStep[]; readonly after: DdlStep[] };
  /** Has somebody seen the schema between two changes? */
  isMiddleSeen: boolean;
  /** Calls that are made between two changes; no other mutation may change the schema then. */
  middleCalls: number;
  readonly cleanUp: string[];
  /** Tables that nothing was meant for. */
  readonly bystanders: string[];
  readonly mutations: Mutation[];
  /** Whether the payload's names tell that it is of before the change, or it is to be taken for one of now. */
  form: "old" | "new" | undefined;
}

/** A statement, or another name for the table. */
export type DdlStep = string | { readonly renameTable: string };

/** What stands in a statement for the name that the table has by then. */
export const tableNow = "<table>";

/** A change of the schema or of the payload; false where the scene does not lend itself to it. */
export type Mutate = (scene: Scene) => boolean;

/** Notes a mutation and gives its place. */
export function addMutation(scene: Scene, kind: string, expectation: Expectation): number {
  return scene.mutations.push({ kind, expectation }) - 1;
}

/** The columns that a mutation may have, those that a payload sends at all before others. */
export function freeColumns(
  scene: Scene,
  mark: Mark,
  isFit: (column: SceneColumn) => boolean = () => true,
): SceneColumn[] {
  const columns = scene.columns.filter((column) =>
    !column.isDropped && !column.isGenerated && column.isBorn && !column.marks.has(mark) && !column.marks.has("gone") &&
    isFit(column)
  );
  const shuffled = scene.draw.shuffle(columns);
  const sent = (column: SceneColumn) => fieldsOf(scene, column).length > 0 ? 0 : 1;
  return shuffled.sort((one, other) => sent(one) - sent(other));
}

/** The fields that mean the column, in the rows of payload. */
export function fieldsOf(scene: Scene, column: SceneColumn): SceneField[] {
  return scene.rows.flatMap((row) => row.fields.filter((field) => isFor(field, column)));
}

/** Does the field mean this column and nothing else? */
export function isFor({ places }: SceneField, column: SceneColumn): boolean {
  return places.length === 1 && places[0]!.column === column && places[0]!.member === undefined;
}

/** Marks the column, and all fields that mean it, as this mutation's. */
export function mark(scene: Scene, column: SceneColumn, mark: Mark, mutation: number): void {
  column.marks.add(mark);
  for (const field of [...fieldsOf(scene, column), ...scene.match.filter((field) => isFor(field, column))]) {
    field.mutations.add(mutation);
  }
}

/** Every name that is or was a column's. */
export function allNames(scene: Scene): string[] {
  return [...new Set([...scene.catalog.columns.map(({ name }) => name), ...scene.columns.map(({ name }) => name)])];
}

/** The rows that are sent between two changes, where some are: half of them, or the only one. */
export function earlyRows({ rows, middleCalls }: Scene): SceneRow[] {
  return middleCalls === 0 ? [] : rows.slice(0, Math.ceil(rows.length / 2));
}

/** May the schema still change after the calls' first ones? */
export function isDdlOpen(scene: Scene): boolean {
  return scene.middleCalls === 0 && scene.table !== undefined;
}

/** Makes the payload one of before or of now; false where it is the other already: nobody could tell both. */
export function takeForm(scene: Scene, form: "old" | "new"): boolean {
  if (scene.form !== undefined && scene.form !== form) return false;
  scene.form = form;
  return true;
}

/** A name as SQL takes it. */
export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A change of the table, whatever its name is by then. */
export function alter(change: string): string {
  return `alter table ${tableNow} ${change}`;
}
