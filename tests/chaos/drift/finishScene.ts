import type { Drift, DriftCall, DriftField, DriftRow, DriftStage, FinalColumn, Place, SeedRow } from "./drift.ts";
import { heldTexts } from "./heldTexts.ts";
import {
  type DdlStep,
  earlyRows,
  ident,
  type Scene,
  type SceneField,
  type ScenePlace,
  type SceneRow,
  tableNow,
} from "./scene.ts";

/** What is left open of a drift when its scene is finished. */
export type DriftManner = Pick<Drift, "route" | "isFreshIsolate" | "isWarm">;

/** Turns a scene into calls and what they truly mean, by the names and types that the columns have in the end. */
export function finishScene(scene: Scene, manner: DriftManner): Drift {
  const { table, bornAs, columns, keyColumn, ddl, cleanUp, bystanders } = scene;
  const seeds = scene.seeds.map(toSeed);
  return {
    number: scene.number,
    mutations: scene.mutations,
    ...manner,
    bornAs,
    table,
    keyColumn: keyColumn.name,
    columns: columns.filter(({ isDropped }) => !isDropped).map((column): FinalColumn => ({
      name: column.name,
      type: column.type,
      rest: column === keyColumn ? undefined : column.defaultText,
    })),
    seeds,
    bystanders,
    stages: toStages(scene),
    cleanUp: [
      ...[...new Set([table ?? bornAs, ...bystanders])].map((name) => `drop table if exists public.${ident(name)}`),
      ...cleanUp,
    ],
    isWarm: manner.isWarm && ddl.before.length > 0,
  };

  function toSeed(row: SceneRow): SeedRow {
    const holds = row.fields.filter(({ places }) => places.length > 0 && !places[0]!.column.isDropped)
      .map((
        field,
      ) => [field.places[0]!.column.name, field.value === null ? null : toPlace(field, field.places[0]!).holds]);
    const filled = Object.fromEntries(holds) as Record<string, readonly string[] | null>;
    for (const { name, isDropped, defaultText } of columns) {
      if (!isDropped && !Object.hasOwn(filled, name)) filled[name] = defaultText === null ? null : [defaultText!];
    }
    return { rowKey: filled[keyColumn.name]![0]!, payload: payloadOf(row.fields), holds: filled };
  }
}

/** The rows' keys in order; a key such as `__proto__` is one like any other. */
export function payloadOf(fields: readonly Pick<SceneField, "key" | "value">[]): Record<string, unknown> {
  return Object.fromEntries(fields.map(({ key, value }) => [key, value]));
}

/** The statements of a stage, with the table's name by then, and that name after them. */
function writeDdl(steps: readonly DdlStep[], table: string): { ddl: string[]; table: string } {
  let name = table;
  const ddl = steps.map((step) => {
    const from = `public.${ident(name)}`;
    if (typeof step === "string") return step.replace(tableNow, () => from);
    name = step.renameTable;
    return `alter table ${from} rename to ${ident(name)}`;
  });
  return { ddl, table: name };
}

function toStages(scene: Scene): DriftStage[] {
  const middle = writeDdl(scene.ddl.middle, scene.bornAs);
  const after = writeDdl(scene.ddl.after, middle.table);
  const { ddl, draw, isSeen, isMiddleSeen, rows, operation } = scene;
  const early = earlyRows(scene);
  const late = rows.filter((row) => !early.includes(row));
  const inMiddle = toCalls(scene, early);
  const hasMiddle = ddl.middle.length > 0;
  const isSplit = operation === "insert" && draw.chance(0.3);
  const last = late.length === 0 ? [] : isSplit ? late.flatMap((row) => toCalls(scene, [row])) : toCalls(scene, late);
  return [
    { ddl: ddl.before, isSeen, calls: [] },
    ...hasMiddle ? [{ ddl: middle.ddl, isSeen: isMiddleSeen || inMiddle.length > 0, calls: inMiddle }] : [],
    { ddl: after.ddl, isSeen: draw.chance(0.2), calls: last },
  ];
}

function toCalls(scene: Scene, rows: readonly SceneRow[]): DriftCall[] {
  if (rows.length === 0) return [];
  const { operation, draw, match, bornAs, conflictKey } = scene;
  const inMatch = new Set(match.flatMap(({ mutations }) => [...mutations]));
  const isKeyTouched = operation === "upsert" && conflictKey !== scene.keyColumn.bornAs;
  return [{
    operation,
    table: draw.chance(0.8) ? bornAs : `public.${bornAs}`,
    rows: rows.map((row) => toRow(scene, row, inMatch)),
    ...(operation === "update" ? { match: payloadOf(match) } : {}),
    ...(operation === "upsert" ? { onConflict: isKeyTouched || draw.chance(0.5) ? [conflictKey] : [conflictKey] } : {}),
    ...(operation === "batch" && draw.chance(0.5) ? { chunkSize: draw.int(2, 9) } : {}),
  }];
}

function toRow(scene: Scene, row: SceneRow, inMatch: ReadonlySet<number>): DriftRow {
  const { keyColumn, seeds } = scene;
  const own = row.fields.find(({ places }) => places[0]?.column === keyColumn && places[0].member === undefined);
  const key = own ?? (row.seed === undefined ? undefined : seeds[row.seed]!.fields[0]);
  return {
    fields: row.fields.map((field): DriftField => ({
      key: field.key,
      value: field.value,
      places: field.places.map((place) => toPlace(field, place)),
      mutations: [...field.mutations],
      isTouched: field.isTouched,
    })),
    rowKey: key === undefined ? undefined : toPlace(key, { column: keyColumn }).holds[0],
    isBlocked: row.isBlocked,
    mutations: [...new Set([...row.mutations, ...inMatch])],
  };
}

function toPlace(field: Pick<SceneField, "value">, { column, member, holds, ...part }: ScenePlace): Place {
  const value = "value" in part ? part.value : field.value;
  return {
    column: column.name,
    ...(member === undefined ? {} : { member }),
    holds: holds ?? heldTexts(column.type, value),
  };
}
