import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { JsonText } from "../../supabase/functions/_shared/db/driverTypes.ts";
import type { SqlValue } from "../../supabase/functions/_shared/db/database.ts";
import type { CoercionColumn } from "../../supabase/functions/_shared/healing/coercion/coercion.ts";
import { readColumnType } from "../../supabase/functions/_shared/healing/coercion/columnType.ts";
import type { Family } from "../../supabase/functions/_shared/healing/coercion/testing/familyArbitraries.ts";
import fc from "fast-check";
import { testDatabase } from "../harness/testDatabase.ts";
import { client } from "./dbFixture.ts";

/** What Postgres holds after a write. */
export interface Held {
  /** As the driver reads it. */
  readonly value: unknown;
  readonly text: string;
}

/** A column of a type, in a table of its own. */
export interface TypedTable {
  /** Writes a value as a parameter; rejects as Postgres does. */
  insert(value: unknown): Promise<Held>;
  /** The text of what a JSON body with this value would write, which is how PostgREST writes. */
  readFromJson(value: unknown): Promise<string>;
}

/** A database for values of all types. */
export interface TypedDatabase extends AsyncDisposable {
  table(column: CoercionColumn): Promise<TypedTable>;
  /** The first column of the first row. `text` has a `?` for each value. */
  ask(text: string, ...values: SqlValue[]): Promise<unknown>;
}

/** Makes the database; its sessions are in a time zone that nobody's times are in by chance. */
export async function typedDatabase(timeZone = "Asia/Kathmandu"): Promise<TypedDatabase> {
  const database = await testDatabase();
  await database.sql.unsafe(`
    create extension if not exists citext;
    do $$ begin execute format('alter database %I set timezone to %L', current_database(), '${timeZone}'); end $$`);
  const made = client(database.url);
  const { sql } = adminDatabase(made);
  const run = (text: string, values: readonly SqlValue[]) => {
    const parts = text.split("?");
    return sql<Record<string, unknown>>(Object.assign(parts, { raw: parts }), ...values);
  };
  let tables = 0;
  return {
    async table({ type, enumLabels }) {
      const name = `public.typed_${tables++}`;
      if (enumLabels !== undefined) {
        const labels = enumLabels.map((label) => `'${label}'`).join(", ");
        await database.sql.unsafe(`create type public.${type} as enum (${labels})`);
      }
      await database.sql.unsafe(`create table ${name} (v ${type})`);
      const text = type === "json" ? "v::jsonb::text" : "v::text";
      return {
        async insert(value) {
          // The driver calls a boolean one for JSON columns too, and Postgres refuses it there.
          const parameter = type.startsWith("json") && typeof value === "boolean"
            ? new JsonText(value)
            : value as SqlValue;
          const [row] = await run(`insert into ${name} (v) values (?) returning v, ${text} as text`, [
            parameter as SqlValue,
          ]);
          return { value: row!.v, text: row!.text as string };
        },
        async readFromJson(value) {
          const [row] = await run(`select ${text} as text from jsonb_populate_record(null::${name}, ?::jsonb)`, [
            { v: value as SqlValue },
          ]);
          return row!.text as string;
        },
      };
    },
    async ask(text, ...values) {
      const [row] = await run(text, values);
      return Object.values(row!)[0];
    },
    async [Symbol.asyncDispose]() {
      await made[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** Columns of a family with values for each, drawn with the seed. */
export function sampleColumns(family: Family, seed: number, count: number): Map<CoercionColumn, unknown[]> {
  const drawn = new Map<string, { column: CoercionColumn; values: unknown[] }>();
  for (const [column, value] of fc.sample(fc.tuple(family.column, family.value), { seed, numRuns: count })) {
    const key = column.type;
    if (!drawn.has(key)) drawn.set(key, { column, values: [] });
    drawn.get(key)!.values.push(value);
  }
  return new Map([...drawn.values()].map(({ column, values }) => [column, values]));
}

/** How a value says itself in text, without any of the code under test. */
export function saidOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Object.is(value, -0)) return "-0";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Of an array that Postgres holds: the type of its members, the family of that, and the text of each, row by row. */
export async function heldMembers(
  { ask }: TypedDatabase,
  arrayType: string,
  heldText: string,
): Promise<{ type: string; family: string; texts: readonly (string | null)[] }> {
  const type = arrayType.slice(0, -"[]".length);
  const texts = await ask(`select array(select unnest(?::text::${type}[])::text)`, heldText) as (string | null)[];
  return { type, family: readColumnType(type, false)!.family, texts };
}

/** The seed of this run: `COERCION_SEED`, else a new one. */
export function runSeed(): number {
  const given = Deno.env.get("COERCION_SEED");
  return given ? Number(given) : Math.floor(Math.random() * 2 ** 31);
}
