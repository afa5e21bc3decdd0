import assert from "node:assert/strict";
import type { Row } from "../../supabase/functions/_shared/connect/connector.ts";
import type { DbFailure } from "../../supabase/functions/_shared/connect/dbFailure.ts";
import { type AddTest, failureOf, oddTable, pick, things, valueOf } from "./connectExpectations.ts";
import { table } from "./connectFixture.ts";
import { reloadSchema } from "./reloadSchema.ts";

/** How every connector calls functions, tells of failures and meets changes of the schema. */
export function testFailures(test: AddTest): void {
  test("functions are called by the names of their arguments", async (connector) => {
    const call = async (fn: string, args: Row) => valueOf(await connector.rpc(table(fn), args));
    for (let round = 0; round < 2; round++) {
      assert.equal(await call("add_up", { a: 1, b: 2 }), 3);
      assert.equal(await call("add_up", { a: 1 }), 11);
      assert.deepEqual(await call("count_to", { n: 3 }), [1, 2, 3]);
      assert.deepEqual(await call("count_to", { n: 0 }), []);
      assert.deepEqual(await call("echo", { value: "5" }), "5");
      assert.deepEqual(await call("echo", { value: { a: [1, null] } }), { a: [1, null] });
      assert.equal(Number(await call("total", { members: [1, 2, 3] })), 6);
      assert.equal(await call("nothing", {}), null);
      assert.deepEqual(await call("find_things", { wanted: "x'; --" }), []);
    }
    valueOf(await connector.insert(things, [{ code: "found" }]));
    const found = await call("find_things", { wanted: "found" }) as Row[];
    assert.deepEqual(pick(found, "code", "qty"), [["found", 7]]);
    const unknown = failureOf(await connector.rpc(table("no_such_function"), { a: 1 }));
    assert.deepEqual([unknown.code, unknown.kind], [connector.kind === "postgrest" ? "PGRST202" : "42883", "drift"]);
    assert.equal(failureOf(await connector.rpc(table("add_up"), { a: "x" })).code, "22P02");
    assert.equal(failureOf(await connector.rpc(table("x\0y"), {})).code, "42602");
  });

  test("failures carry the error's own fields", async (connector) => {
    valueOf(await connector.insert(things, [{ code: "taken", span: "[1,9)" }]));
    const cases: readonly [Row, Partial<DbFailure>][] = [
      [{ code: null }, { code: "23502", kind: "data", schema: "public", table: "things", column: "code" }],
      [{ code: "taken" }, { code: "23505", kind: "conflict", table: "things", constraint: "things_code_key" }],
      [{ code: "n", parent_id: 5 }, { code: "23503", kind: "order", table: "things", constraint: "parent_exists" }],
      [{ code: "n", qty: 0 }, { code: "23514", kind: "data", table: "things", constraint: "qty_is_positive" }],
      [{ code: "n", span: "[2,3)" }, { code: "23P01", kind: "conflict", constraint: "spans_are_apart" }],
      [{ code: "n", qty: "many" }, { code: "22P02", kind: "data" }],
      [{ code: "n", feeling: "odd" }, { code: "22P02", kind: "data" }],
      [{ code: "n", uid: "x" }, { code: "22P02", kind: "data" }],
      [{ code: "n", short: "123456" }, { code: "22001", kind: "data" }],
      [{ code: "n", qty: 3_000_000_000 }, { code: "22003", kind: "data" }],
      [{ code: "n", at: "noon-ish" }, { code: "22007", kind: "data" }],
      [{ code: "n", day: "2026-02-30" }, { code: "22008", kind: "data" }],
      [{ code: "n", made: "x" }, { code: "428C9", kind: "drift" }],
    ];
    for (const [row, expected] of cases) {
      for (
        const outcome of [await connector.insert(things, [row]), await connector.insert(things, [{ code: "m" }, row])]
      ) {
        const failure = failureOf(outcome);
        for (const [field, value] of Object.entries(expected)) {
          assert.equal(failure[field as keyof DbFailure], value, `${field} of ${expected.code}`);
        }
        assert.equal(failure.isOutcomeUnknown, false);
        assert.ok(failure.message.length > 0 && failure.cause !== undefined);
      }
    }
    assert.equal(valueOf(await connector.select(things, {})).length, 1);
  });

  test("each class of failure is told", async (connector) => {
    const classes: readonly (readonly [string, DbFailure["kind"]])[] = [
      ...["40001", "40P01", "55P03"].map((code) => [code, "retry"] as const),
      ...["08006", "57P01"].map((code) => [code, "connection_lost"] as const),
      ...["53300", "57P03"].map((code) => [code, "never_ran"] as const),
      ...["53100", "54000", "57014"].map((code) => [code, "capacity"] as const),
      ...["42704", "3F000", "42804"].map((code) => [code, "drift"] as const),
      ...["22021", "22P05", "21000"].map((code) => [code, "data"] as const),
      ...["28000", "3D000", "42501"].map((code) => [code, "rights"] as const),
      ["ZZ999", "other"],
    ];
    for (const [code, kind] of classes) {
      const failure = failureOf(await connector.rpc(table("fail"), { with_code: code }));
      assert.deepEqual([failure.code, failure.kind, failure.isOutcomeUnknown], [
        code,
        kind,
        kind === "connection_lost",
      ]);
    }
  });

  test("what is not there is told by its name", async (connector) => {
    const isRest = connector.kind === "postgrest";
    for (const rows of [[{ code: "a", colour: 1 }], [{ code: "a" }, { code: "b", colour: 1 }]]) {
      const failure = failureOf(await connector.insert(things, rows));
      const { code, kind, table: of, column } = failure;
      assert.deepEqual([code, kind, of, column], [isRest ? "PGRST204" : "42703", "drift", "things", "colour"]);
    }
    const updated = failureOf(await connector.update(things, { qty: 1, colour: 2 }, { code: "a" }));
    assert.deepEqual([updated.kind, updated.column], ["drift", "colour"]);
    for (const match of [{ colour: 1 }, { colour: [1] }, { colour: null }, { code: "a", colour: "\u{1f600}" }]) {
      const failure = failureOf(await connector.delete(things, match));
      assert.deepEqual([failure.code, failure.column], ["42703", "colour"]);
      assert.equal(failureOf(await connector.select(things, { match })).column, "colour");
    }
    assert.equal(failureOf(await connector.select(things, { order: [{ column: "colour" }] })).column, "colour");
    const odd = failureOf(await connector.insert(oddTable, [{ id: 1, "\u{1f600}": 1 }]));
    assert.equal(odd.column, "\u{1f600}");
    const missing = failureOf(await connector.insert(table("thing"), [{ code: "a" }]));
    assert.deepEqual([missing.code, missing.kind, missing.table], [isRest ? "PGRST205" : "42P01", "drift", "thing"]);
  });

  test("a column that changes its type or its name between two writes", async (connector, database) => {
    const reload = () => reloadSchema(connector, database);
    const stored = async (code: string) =>
      (await database.sql`select note::text, meta::text from public.things where code = ${code}`)[0];
    for (const code of ["a", "b"]) valueOf(await connector.insert(things, [{ code, note: "5", meta: "5" }]));
    // One after the other: either guard would hide that the other is missing. Through a pooler or prepared, the text "5"
    // is a text and no number where it is json, and has no quotes where it is text.
    await database.sql`alter table public.things alter note drop default, alter note type jsonb using to_jsonb(note)`;
    await reload();
    for (const code of ["c", "d"]) {
      valueOf(await connector.insert(things, [{ code, note: "5", meta: "5" }]));
      assert.deepEqual(await stored(code), { note: '"5"', meta: '"5"' });
    }
    await database.sql`alter table public.things alter meta type text using meta #>> '{}'`;
    await reload();
    for (const code of ["e", "f"]) {
      valueOf(await connector.insert(things, [{ code, note: "5", meta: "5" }]));
      assert.deepEqual(await stored(code), { note: '"5"', meta: "5" });
    }
    await database.sql`alter table public.things alter meta type jsonb using to_jsonb(meta)`;
    await reload();
    for (const code of ["d2", "d3"]) {
      valueOf(await connector.insert(things, [{ code, doc: { a: 1 }, meta: { a: 1 } }]));
      valueOf(await connector.update(things, { doc: { a: 2 }, meta: "5" }, { code }));
      assert.equal((await stored(code))!.meta, '"5"');
    }
    await database.sql`alter table public.things rename meta to metadata`;
    await reload();
    assert.equal(failureOf(await connector.update(things, { doc: null, meta: {} }, { code: "c" })).column, "meta");
    await database.sql`alter table public.things rename note to remark`;
    await reload();
    assert.equal(failureOf(await connector.insert(things, [{ code: "g", note: "5" }])).column, "note");
    valueOf(await connector.insert(things, [{ code: "h", remark: "5" }]));
    await database.sql`alter table public.things add extra int default 3`;
    await reload();
    assert.equal(valueOf(await connector.insert(things, [{ code: "i", qty: 3 }]))[0]!.extra, 3);
  });

  test("writes at once keep to themselves", async (connector) => {
    const wanted = Array.from(
      { length: 60 },
      (_, i) => ({ code: `c${i}`, ...(i % 3 === 0 ? { qty: -1 } : { big: i }) }),
    );
    const outcomes = await Promise.all(wanted.map((row) => connector.insert(things, [row])));
    for (const [i, outcome] of outcomes.entries()) {
      if (i % 3 === 0) assert.equal(failureOf(outcome).code, "23514");
      else assert.deepEqual([valueOf(outcome)[0]!.code, Number(valueOf(outcome)[0]!.big)], [`c${i}`, i]);
    }
  });
}
