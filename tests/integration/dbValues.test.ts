import assert from "node:assert/strict";
import fc from "fast-check";
import postgres from "postgres";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { callerDatabase } from "../../supabase/functions/_shared/db/callerDatabase.ts";
import { assumeIdentity } from "../../supabase/functions/_shared/db/databaseIdentity.ts";
import { driverDatabase } from "../../supabase/functions/_shared/db/driverDatabase.ts";
import { quoteLiteral } from "../../supabase/functions/_shared/db/quoteLiteral.ts";
import { testDatabase } from "../harness/testDatabase.ts";
import { client, notesDatabase, user } from "./dbFixture.ts";

Deno.test("values: each kind arrives as what it is, first time and prepared", async () => {
  await using database = await notesDatabase();
  await using made = client(database.url);
  for (const db of [adminDatabase(made), callerDatabase(made, user(1))]) {
    for (let round = 0; round < 2; round++) {
      const [row] = await db.sql`
        select ${"a'b\\c"}::text as text, ${1.5}::float8 as number, ${9007199254740993n}::int8 as bigint,
          ${true}::boolean as yes, ${false}::boolean as no, ${null}::text as nothing,
          ${new Date("2026-01-02T03:04:05.678Z")}::timestamptz as date, ${new Uint8Array([0, 92, 255])}::bytea as bytes,
          ${{ a: [1, { type: "x", value: "y" }] }}::jsonb as json, ${["a", 'b,"c']}::text[] as texts,
          ${[]}::uuid[] as none, ${[new Date(0)]}::timestamptz[] as dates, ${[true, false]}::boolean[] as booleans,
          ${[1n, 2n]}::int8[] as bigints, ${[[1, 2], [3, 4]]}::int[] as grid, ${["x", 1]}::jsonb as list,
          ${[{ type: "t", value: 1 }]}::jsonb[] as documents, ${"quoted"}::jsonb as text_as_json`;
      assert.deepEqual(row, {
        text: "a'b\\c",
        number: 1.5,
        bigint: "9007199254740993",
        yes: true,
        no: false,
        nothing: null,
        date: new Date("2026-01-02T03:04:05.678Z"),
        bytes: new Uint8Array([0, 92, 255]),
        json: { a: [1, { type: "x", value: "y" }] },
        texts: ["a", 'b,"c'],
        none: [],
        dates: [new Date(0)],
        booleans: [true, false],
        bigints: ["1", "2"],
        grid: [[1, 2], [3, 4]],
        list: ["x", 1],
        documents: [{ type: "t", value: 1 }],
        text_as_json: "quoted",
      });
    }
  }
});

Deno.test("values: what the driver would guess goes as it is, and Postgres judges it", async () => {
  await using database = await notesDatabase();
  await using made = client(database.url);
  const { sql } = adminDatabase(made);
  for (let round = 0; round < 2; round++) {
    assert.deepEqual(await sql`select ${"true"}::boolean as yes`, [{ yes: true }]);
    assert.deepEqual(await sql`select (${"infinity"}::timestamptz)::text as at`, [{ at: "infinity" }]);
    await assert.rejects(sql`select ${"garbage"}::timestamptz`, { code: "22007" });
    await assert.rejects(sql`select ${"nul \u0000"}::text`, { code: "22021" });
  }
});

Deno.test("values: a bad one fails alone, however many share the connection", async () => {
  await using database = await notesDatabase();
  await using made = client(database.url);
  const { sql } = adminDatabase(made);
  const since = (text: string) => sql`select ${text}::timestamptz::text as at`;
  await since("2026-01-01 00:00:00+00");
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const bad = [undefined, () => 1, Symbol("s"), new Date(NaN), circle, [undefined], { big: 1n }, [[[[[[[1]]]]]]]];
  const answers = await Promise.allSettled([
    sql`select 'before' as at`,
    since("garbage"),
    ...bad.map((value) => sql`select ${value as never} as at`),
    sql`select 'after' as at`,
    since("2026-01-02 00:00:00+00"),
  ]);
  const told = answers.map((answer) =>
    answer.status === "fulfilled" ? answer.value[0]?.at : answer.reason.code ?? answer.reason.name
  );
  assert.deepEqual(told, [
    "before",
    "22007",
    ...bad.map(() => "TypeError"),
    "after",
    "2026-01-02 00:00:00+00",
  ]);
});

Deno.test("values: any claims reach the database as they are, whatever the server takes a backslash for", async () => {
  await using database = await notesDatabase();
  for (const conforming of ["on", "off"]) {
    const connection = await database.sql.reserve();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: "grapheme" }), quotes), async (text) => {
        const claims = { sub: text, [text]: [text] };
        const opening = assumeIdentity({ role: "anon", claims });
        const results = await connection.unsafe(
          `begin; set local standard_conforming_strings = ${conforming}; ${opening};
           select current_setting('request.jwt.claims') as claims, current_user::text as role; commit`,
        ) as unknown as { claims: string; role: string }[][];
        const row = results.flat().find((found) => "claims" in found);
        assert.deepEqual(JSON.parse(row!.claims), claims);
        assert.equal(row!.role, "anon");
      }),
      { numRuns: 150 },
    );
    connection.release();
  }
  const [row] = await database.sql.unsafe(`select ${quoteLiteral("'; drop table public.notes; --\\")} as text`);
  assert.equal(row!.text, "'; drop table public.notes; --\\");
});

const quotes = fc.string({ unit: fc.constantFrom("'", "\\", '"', "$$", ";", "--", "\n", "\u2019", "x", "E'") });

Deno.test("lists reach the database of somebody's client, though it has never read the types of arrays", async () => {
  await using database = await testDatabase();
  const sql = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    const texts = ["public", 'a"b\\c', "", null];
    const [row] = await driverDatabase(sql).sql`
      select to_json(${texts}::text[]) as texts, to_json(${[
      1,
      2n,
    ]}::bigint[]) as numbers, to_json(${[]}::uuid[]) as none,
        ${["x", 1]}::jsonb as list`;
    assert.deepEqual({ ...row }, { texts, numbers: [1, 2], none: [], list: ["x", 1] });
  } finally {
    await sql.end();
  }
});
