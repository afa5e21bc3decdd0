import assert from "node:assert/strict";
import fc from "fast-check";
import { dedupeUpsert } from "../../supabase/functions/_shared/healing/shape/dedupeUpsert.ts";
import { testDatabase } from "../harness/testDatabase.ts";
import { runSeed } from "./coercionFixture.ts";

interface Row {
  readonly [column: string]: string | number;
  readonly id: string;
  readonly email: string;
  readonly amount: number;
}

Deno.test("an upsert in parts leaves what single upserts leave, where the whole fails with 21000", async () => {
  const seed = runSeed();
  await using database = await testDatabase();
  const { sql } = database;
  // Keys that differ in spelling alone, and a second unique key that makes the order matter.
  await sql`create extension if not exists citext`;
  await sql`create table public.people (id citext primary key, email text not null unique, amount int not null)`;
  const write = async (statements: readonly (readonly Row[])[]) => {
    try {
      return await sql.begin(async (tx) => {
        for (const rows of statements) {
          await tx`insert into public.people ${tx(rows, "id", "email", "amount")}
            on conflict (id) do update set email = excluded.email, amount = excluded.amount`;
        }
        const table = await tx`select lower(id::text) as id, email, amount from public.people order by id`;
        await tx`delete from public.people`;
        return [...table];
      });
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const row: fc.Arbitrary<Row> = fc.record({
    id: fc.constantFrom("a", "A", "b", "c", "d"),
    email: fc.constantFrom("x", "y", "z", "u", "v", "w"),
    amount: fc.nat(1),
  }, { noNullPrototype: true });
  let tooOften = 0;
  let landed = 0;
  for (const rows of fc.sample(fc.array(row, { minLength: 1, maxLength: 6 }), { seed, numRuns: 600 })) {
    const { statements } = dedupeUpsert(rows, ["id"]);
    const parted = await write(statements.map((statement) => statement.map((index) => rows[index]!)));
    const single = await write(rows.map((each) => [each]));
    const what = `seed ${seed}: ${JSON.stringify(rows)} in parts ${JSON.stringify(statements)}`;
    assert.notEqual(parted, "21000", what);
    assert.deepEqual(parted, single, what);
    if (typeof parted !== "string") landed++;
    if (await write([rows]) === "21000") tooOften++;
  }
  assert.ok(tooOften > 100 && landed > 100, `seed ${seed}: ${tooOften} fail as a whole, ${landed} land in parts`);
});
