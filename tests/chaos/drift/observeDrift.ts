import type { ResilientDb } from "../../../supabase/functions/_shared/healing/client/resilientDb.ts";
import { canonicalText } from "./canonicalText.ts";
import type { Drift } from "./drift.ts";
import type { DriftWorld } from "./driftWorld.ts";
import { findRows } from "./findRows.ts";
import type { Observation, ToldFate } from "./observation.ts";
import { ident } from "./scene.ts";

/** A dead letter as it stands in the database. */
export interface KeptLetter {
  readonly payload: string;
  readonly argumentsText: string;
  readonly tableName: string;
}

/** The dead letters of a wave. */
export async function readLetters({ sql }: DriftWorld, since: string): Promise<KeptLetter[]> {
  return await sql<KeptLetter[]>`
    select payload, arguments as "argumentsText", table_name as "tableName" from resilience.dead_letters
    where died_at >= ${since}::timestamptz and outcome is null order by died_at, id`;
}

/** Where to look, and what the callers were told. */
export interface DriftInquiry {
  readonly world: DriftWorld;
  readonly drift: Drift;
  readonly isolate: ResilientDb;
  readonly letters: readonly KeptLetter[];
  readonly told: readonly (readonly ToldFate[])[];
}

/** Reads what is in the database after a drift. */
export async function observeDrift({ world, drift, isolate, letters, told }: DriftInquiry): Promise<Observation> {
  const isOwn = new RegExp(`_${drift.number}(?:_|$)`);
  const rows = await readRows(world, drift);
  let strayRows = 0;
  for (const name of drift.bystanders) {
    const [{ count }] = await world.sql.unsafe<[{ count: number }]>(
      `select count(*)::int as count from public.${ident(name)}`,
    );
    strayRows += count;
  }
  const seen = { rows, strayRows, letters: letters.filter(({ tableName }) => isOwn.test(tableName)), told };
  return { ...seen, rebuilt: await rebuild(drift, isolate, { ...seen, rebuilt: new Map() }) };
}

async function readRows({ sql }: DriftWorld, { table, columns }: Drift): Promise<Record<string, string | null>[]> {
  if (table === undefined) return [];
  const list = columns.map(({ name, type }) =>
    type === "jsonb" || type.endsWith("[]") ? `to_jsonb(${ident(name)})::text` : `${ident(name)}::text`
  );
  const rows = await sql.unsafe(`select ${list.join(", ")} from public.${ident(table)} order by ctid`).values();
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name, type }, at) => {
      const text = (row as (string | null)[])[at]!;
      return [name, text === null ? null : canonicalText(type, text)];
    }))
  );
}

/** Asks for the payloads of every row that one was meant for which did not land as it is. */
async function rebuild(drift: Drift, isolate: ResilientDb, seen: Observation): Promise<Map<string, string[]>> {
  const rebuilt = new Map<string, string[]>();
  if (drift.table === undefined) return rebuilt;
  for (const [{ fields }, { key }] of findRows(drift, seen).of) {
    if (rebuilt.has(key) || !fields.some(({ isTouched }) => isTouched)) continue;
    const { data, error } = await isolate.reconstruct({ table: drift.table, row: { [drift.keyColumn]: key } });
    const texts = error === null ? data.filter(({ isExact }) => isExact).map(({ text }) => text) : [];
    rebuilt.set(key, texts);
  }
  return rebuilt;
}
