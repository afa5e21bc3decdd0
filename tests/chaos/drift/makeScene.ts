import { drawFrom } from "../../../bench/matcher/drawFrom.ts";
import { seededRandom } from "../../../supabase/functions/_shared/random/seededRandom.ts";
import { canonicalText } from "./canonicalText.ts";
import { makeValue } from "./makeValue.ts";
import { ident, type Scene, type SceneColumn, type SceneField, type SceneRow } from "./scene.ts";
import { type CatalogColumn, type CatalogTable, tableCatalog } from "./tableCatalog.ts";

type Draw = Scene["draw"];

/** A table, its seeds and a payload that fits it, drawn from the run's seed and the drift's number alone. */
export function makeScene(seed: number, number: number): Scene {
  const draw = drawFrom(seededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)));
  const catalog = draw.pick(tableCatalog);
  const bornAs = `${catalog.name}_${number}`;
  const columns = drawColumns(catalog, draw).map((column) => toSceneColumn(column, bornAs));
  const keyColumn = columns[0]!;
  const operation = draw.pick(["insert", "insert", "insert", "insert", "upsert", "upsert", "update", "batch"] as const);
  const isKeyMade = keyColumn.type === "bigint" && operation !== "upsert" && draw.chance(0.5);
  const scene: Scene = {
    number,
    draw,
    catalog,
    bornAs,
    table: bornAs,
    columns,
    keyColumn,
    operation,
    isKeyMade,
    seeds: [],
    rows: [],
    match: [],
    conflictKey: keyColumn.name,
    isSeen: draw.chance(0.93),
    ddl: { before: [], middle: [], after: [] },
    isMiddleSeen: draw.chance(0.6),
    middleCalls: 0,
    cleanUp: [],
    bystanders: [],
    mutations: [],
    form: undefined,
  };
  const least = operation === "update" || operation === "upsert" ? 1 : 0;
  const seedCount = draw.int(least, 4);
  for (let at = 0; at < seedCount; at++) scene.seeds.push(makeRow(scene, columns, `s${at}`, at));
  addRows(scene);
  scene.ddl.before.push(...createTable(scene));
  return scene;
}

/** The key, half of its neighbours or more, twins side by side. */
function drawColumns({ columns }: CatalogTable, draw: Draw): CatalogColumn[] {
  const [key, ...others] = columns;
  const share = draw.float(0.45, 1);
  const kept = others.filter(() => draw.chance(share));
  return [key!, ...kept.length >= 4 ? kept : others.slice(0, 8)];
}

function toSceneColumn(column: CatalogColumn, table: string): SceneColumn {
  const isEnum = column.type.startsWith("enum:");
  const { defaultSql } = column;
  const type = isEnum ? "enum" : column.type;
  return {
    bornAs: column.name,
    name: column.name,
    type,
    labels: isEnum ? column.type.slice("enum:".length).split(",") : [],
    enumType: isEnum ? `${table}_${column.name}` : undefined,
    sort: column.sort,
    isNullable: column.isNullable,
    defaultSql,
    defaultText: defaultSql === undefined ? null : canonicalText(type, defaultSql.replaceAll("'", "")),
    isDropped: false,
    isGenerated: false,
    isBorn: true,
    marks: new Set(),
  };
}

/** The columns that an application sends: the key, what must be sent, and most others; rows of one call may be ragged. */
function addRows(scene: Scene): void {
  const { draw, columns, keyColumn, operation, seeds, isKeyMade } = scene;
  const share = draw.float(0.5, 1);
  const others = columns.filter((column) => column !== keyColumn);
  const sent = others.filter((column) => !column.isNullable || draw.chance(share));
  const raggedness = draw.chance(0.4) ? draw.float(0, 0.4) : 0;
  const count = operation === "update"
    ? 1
    : operation === "batch"
    ? draw.int(3, 25)
    : draw.chance(0.6)
    ? 1
    : draw.int(2, 6);
  for (let at = 0; at < count; at++) {
    const seed = operation === "update" ? draw.int(0, seeds.length - 1) : undefined;
    const taken = operation === "upsert" && at < seeds.length && draw.chance(0.4) ? at : seed;
    const own = sent.filter((column) =>
      !column.isNullable ? operation !== "update" || draw.chance(0.5) : !draw.chance(raggedness)
    );
    const withKey = operation === "update" || isKeyMade ? own : [keyColumn, ...own];
    const row = makeRow(scene, withKey.length > 0 ? withKey : [...sent, ...others].slice(0, 1), `r${at}`, taken);
    if (taken !== undefined && operation === "upsert") row.fields[0]!.value = seeds[taken]!.fields[0]!.value;
    if (draw.chance(0.3)) row.fields = draw.shuffle(row.fields);
    scene.rows.push(row);
  }
  if (operation === "update") {
    const seed = seeds[scene.rows[0]!.seed!]!;
    scene.match.push({ ...seed.fields[0]!, mutations: new Set() });
  }
}

function makeRow(scene: Scene, columns: readonly SceneColumn[], mark: string, seed: number | undefined): SceneRow {
  const fields: SceneField[] = [];
  const values = new Set<unknown>();
  for (const column of columns) {
    let value = column === scene.keyColumn ? makeKey(scene, mark) : makeValue(column, scene.draw);
    // Twins with the same value would hide that one has been taken for the other.
    for (let tries = 0; values.has(value) && column.sort !== "flag" && tries < 5; tries++) {
      value = makeValue(column, scene.draw);
    }
    values.add(value);
    fields.push({ key: column.bornAs, value, places: [{ column }], mutations: new Set(), isTouched: false });
  }
  return { fields, isBlocked: false, seed, mutations: new Set() };
}

function makeKey({ keyColumn, draw }: Scene, mark: string): unknown {
  if (keyColumn.type === "bigint") return draw.int(1_000_000, 900_000_000);
  const value = makeValue(keyColumn, draw);
  return keyColumn.type === "text" ? `${value}-${mark}${draw.int(100, 999)}` : value;
}

function createTable(scene: Scene): string[] {
  const { columns, keyColumn, bornAs, operation, isKeyMade } = scene;
  const types = columns.filter(({ enumType }) => enumType !== undefined);
  const labels = (column: SceneColumn) => column.labels.map((label) => `'${label}'`).join(", ");
  const lines = columns.map((column) => {
    const type = column.enumType === undefined ? column.type : `public.${ident(column.enumType)}`;
    const isKey = column === keyColumn;
    const identity = isKey && isKeyMade && operation !== "update" ? " generated by default as identity" : "";
    const end = isKey ? `${identity} primary key` : column.isNullable ? "" : " not null";
    return `${ident(column.name)} ${type}${end}${
      column.defaultSql === undefined ? "" : ` default ${column.defaultSql}`
    }`;
  });
  scene.cleanUp.push(...types.map(({ enumType }) => `drop type if exists public.${ident(enumType!)} cascade`));
  return [
    ...types.map((column) => `create type public.${ident(column.enumType!)} as enum (${labels(column)})`),
    `create table public.${ident(bornAs)} (${lines.join(", ")})`,
    `grant all on public.${ident(bornAs)} to service_role`,
  ];
}
