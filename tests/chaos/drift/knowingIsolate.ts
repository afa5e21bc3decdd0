import type postgres from "postgres";
import type { ResilientDb } from "../../../supabase/functions/_shared/healing/client/resilientDb.ts";
import type { Drift, DriftCall, DriftField, DriftRow, Place } from "./drift.ts";
import { ident } from "./scene.ts";

/** Spoils a row before it lands, to see whether that is noticed; gives it back where there is nothing to spoil. */
export type Spoil = (columns: Record<string, unknown>, row: DriftRow, drift: Drift) => Record<string, unknown>;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Stands in for what is under test, and heals by the truth of the drift instead of by evidence: with it the generator and
 * the judge are held against Postgres. With `spoil` it errs on purpose.
 */
export function knowingIsolate(
  sql: postgres.Sql,
  drifts: readonly Drift[],
  spoil: Spoil = (columns) => columns,
): ResilientDb {
  const byTable = new Map(drifts.map((drift) => [drift.bornAs, drift]));
  const texts = new Map<string, string[]>();

  async function write(table: string, given: Fields | readonly Fields[], match?: Fields) {
    const drift = byTable.get(table.replace(/^public\./, ""))!;
    const payloads = (Array.isArray(given) ? given : [given]) as Fields[];
    const rows = payloads.map((payload) => findPayload(drift, payload));
    const isSeed = rows.some((row) => row === undefined);
    if (!isSeed && rows.some((row) => row!.isBlocked)) {
      return { error: { deadLetterIds: await bury(drift, payloads, match) } };
    }
    for (const [at, row] of rows.entries()) await land(drift, payloads[at]!, row);
    return { data: [], error: null };
  }

  async function bury(drift: Drift, payloads: readonly Fields[], match: Fields | undefined): Promise<string[]> {
    const call = drift.stages.flatMap(({ calls }) => calls).at(-1) as DriftCall;
    const told = JSON.stringify({ match, onConflict: call.onConflict });
    for (const payload of payloads) {
      await sql`insert into resilience.dead_letters (id, table_schema, table_name, operation, payload, arguments, error_code,
        writer_role, writer_claims) values (gen_random_uuid(), 'public', ${drift.bornAs}, 'insert',
        ${JSON.stringify(payload)}, ${told}, '22000', 'postgres', '{}')`;
    }
    return payloads.map(() => "letter");
  }

  async function land(drift: Drift, payload: Fields, row: DriftRow | undefined): Promise<void> {
    const table = `public.${ident(row === undefined ? drift.bornAs : drift.table!)}`;
    const columns = row === undefined ? { ...payload } : spoil(columnsOf(drift, row.fields), row, drift);
    const names = Object.keys(columns).map(ident);
    const key = drift.keyColumn;
    const seed = row?.rowKey === undefined ? undefined : drift.seeds.find(({ rowKey }) => rowKey === row.rowKey);
    const json = JSON.stringify(columns);
    const from = `from json_populate_record(null::${table}, $1::text::json) as r`;
    const list = names.map((name) => `r.${name}`).join(", ");
    const [landed] = seed === undefined
      ? await sql.unsafe(`insert into ${table} (${names.join(", ")}) select ${list} ${from} returning *`, [json])
      : await sql.unsafe(
        `update ${table} as t set ${names.map((name) => `${name} = r.${name}`).join(", ")} ${from}
          where t.${ident(key)}::text = $2 returning t.*`,
        [json, seed.rowKey],
      );
    if (landed === undefined) throw new Error(`Cannot find the row '${row?.rowKey}' of drift ${drift.number}`);
    const at = `${drift.number} ${String(landed[key])}`;
    texts.set(at, [...texts.get(at) ?? [], JSON.stringify(payload)]);
  }

  return {
    insert: write,
    upsert: write,
    update: write,
    async batch(table: string, payloads: readonly Fields[]) {
      const rows = [];
      for (const [index, payload] of payloads.entries()) {
        const { error } = await write(table, payload);
        rows.push({ index, fate: error === null ? "healed" : "deadLettered" });
      }
      return { rows };
    },
    reconstruct({ table, row }: { table: string; row: Fields }) {
      const drift = drifts.find((drift) => drift.table === table)!;
      const found = texts.get(`${drift.number} ${String(Object.values(row)[0])}`) ?? [];
      return Promise.resolve({ error: null, data: found.map((text) => ({ text, isExact: true })) });
    },
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  } as unknown as ResilientDb;
}

function findPayload(drift: Drift, payload: Fields): DriftRow | undefined {
  const text = JSON.stringify(payload);
  return drift.stages.flatMap(({ calls }) => calls).flatMap(({ rows }) => rows).find(({ fields }) =>
    JSON.stringify(Object.fromEntries(fields.map(({ key, value }) => [key, value]))) === text
  );
}

function columnsOf(drift: Drift, fields: readonly DriftField[]): Record<string, unknown> {
  const columns: Record<string, unknown> = {};
  for (const { column, member, holds: [text] } of fields.flatMap(({ places }): readonly Place[] => places)) {
    const type = drift.columns.find(({ name }) => name === column)!.type;
    const value = type === "jsonb" || type.endsWith("[]") ? JSON.parse(text ?? "null") : text ?? null;
    columns[column] = member === undefined ? value : { ...columns[column] as object, [member]: value };
  }
  return columns;
}
