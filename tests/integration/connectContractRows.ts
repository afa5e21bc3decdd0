import assert from "node:assert/strict";
import type { Row } from "../../supabase/functions/_shared/connect/connector.ts";
import { type AddTest, failureOf, oddTable, pick, things, valueOf } from "./connectExpectations.ts";
import { hostileColumn, table } from "./connectFixture.ts";

/** What every connector does with rows. */
export function testRows(test: AddTest): void {
  test("a row lands and comes back whole, the first time and the next", async (connector) => {
    for (const code of ["a", "b", "c"]) {
      const [row] = valueOf(await connector.insert(things, [{ code, qty: 3 }]));
      assert.deepEqual([row!.code, row!.qty, row!.note, row!.made], [code, 3, "none", `${code}!`]);
    }
    assert.deepEqual(valueOf(await connector.insert(things, [])), []);
  });

  test("a missing key takes the default, null is null, undefined is missing", async (connector) => {
    const rows: Row[] = [
      { code: "a", qty: 1 },
      { code: "b", note: null },
      { qty: null, code: "c" },
      { code: "d", qty: undefined, note: "x" },
      { qty: 5, code: "e" },
    ];
    const expected = [["a", 1, "none"], ["b", 7, null], ["c", null, "none"], ["d", 7, "x"], ["e", 5, "none"]];
    assert.deepEqual(pick(valueOf(await connector.insert(things, rows)), "code", "qty", "note"), expected);
    for (const row of rows) valueOf(await connector.delete(things, { code: row.code }));
    const alone: Row[] = [];
    for (const row of rows) alone.push(...valueOf(await connector.insert(things, [row])));
    assert.deepEqual(pick(alone, "code", "qty", "note"), expected);
  });

  test("rows land together or not at all", async (connector) => {
    const rows = [{ code: "a" }, { code: "b", qty: 2 }, { code: "c", note: "n" }, { code: "a" }];
    assert.equal(failureOf(await connector.insert(things, rows)).code, "23505");
    assert.deepEqual(valueOf(await connector.select(things, {})), []);
  });

  test("rows beyond the parameters a statement can take", async (connector) => {
    const rows = Array.from(
      { length: 20_000 },
      (_, i) => ({ code: `c${i}`, qty: i + 1, note: "n", big: i, flag: true }),
    );
    const inserted = valueOf(await connector.insert(things, rows));
    assert.deepEqual(pick([inserted[0]!, inserted.at(-1)!], "code", "qty"), [["c0", 1], ["c19999", 20_000]]);
    assert.equal(inserted.length, 20_000);
  });

  test("upsert inserts or updates, and leaves what a row lacks", async (connector) => {
    const pairs = table("pairs");
    valueOf(await connector.insert(pairs, [{ a: 1, b: 1, c: 1, d: 1 }]));
    const upserted = valueOf(await connector.upsert(pairs, [{ a: 1, b: 1, c: 2 }, { b: 2, a: 1, c: 3 }], ["a", "b"]));
    assert.deepEqual(pick(upserted, "a", "b", "c", "d"), [[1, 1, 2, 1], [1, 2, 3, 4]]);
    const keysOnly = valueOf(await connector.upsert(pairs, [{ a: 1, b: 1 }], ["a", "b"]));
    assert.deepEqual(pick(keysOnly, "a", "b", "c", "d"), [[1, 1, 2, 1]]);
    const twice = await connector.upsert(pairs, [{ a: 9, b: 9, c: 1 }, { a: 9, b: 9, c: 2 }], ["a", "b"]);
    assert.equal(failureOf(twice).code, "21000");
    assert.equal(failureOf(await connector.upsert(pairs, [{ a: 1, b: 1 }], ["c"])).code, "42P10");
    assert.equal(failureOf(await connector.upsert(pairs, [{ a: 1, b: 1 }], [])).code, "INVALID_CALL");
  });

  test("ragged rows of an upsert leave what they lack, or are refused", async (connector) => {
    const pairs = table("pairs");
    valueOf(await connector.insert(pairs, [{ a: 1, b: 1, c: 1, d: 1 }]));
    const outcome = await connector.upsert(pairs, [{ a: 2, b: 2, d: 2 }, { a: 1, b: 1, c: 5 }], ["a", "b"]);
    if (connector.kind === "postgrest") {
      assert.equal(failureOf(outcome).code, "INVALID_CALL");
    } else {
      assert.deepEqual(pick(valueOf(outcome), "a", "b", "c", "d"), [[2, 2, null, 2], [1, 1, 5, 1]]);
    }
    assert.equal(valueOf(await connector.select(pairs, {})).length, connector.kind === "postgrest" ? 1 : 2);
  });

  test("update, delete and select by match", async (connector) => {
    const rows = ["a", "b", "c", "d"].map((code, index) => ({
      code,
      qty: index + 1,
      ...index === 2 && { note: null },
    }));
    valueOf(await connector.insert(things, rows));
    const updated = valueOf(await connector.update(things, { qty: 9, flag: true }, { code: "a", note: "none" }));
    assert.deepEqual(pick(updated, "code", "qty", "flag"), [["a", 9, true]]);
    assert.deepEqual(valueOf(await connector.update(things, { qty: 9 }, { code: "zzz" })), []);
    assert.deepEqual(pick(valueOf(await connector.delete(things, { note: null })), "code"), [["c"]]);
    const order = [{ column: "qty", isDescending: true }, { column: "code" }];
    const selected = await connector.select(things, { columns: ["code", "qty"], order, limit: 2, offset: 1 });
    assert.deepEqual(valueOf(selected), [{ code: "d", qty: 4 }, { code: "b", qty: 2 }]);
    const listed = await connector.select(things, { match: { code: ["a", "d", "x,y)", 'q"'] }, order });
    assert.deepEqual(pick(valueOf(listed), "code"), [["a"], ["d"]]);
    assert.deepEqual(valueOf(await connector.select(things, { match: { code: [] } })), []);
    assert.deepEqual(pick(valueOf(await connector.delete(things, { qty: [4, 2] })), "code").toSorted(), [["b"], ["d"]]);
  });

  test("what could reach more rows than was meant is refused", async (connector) => {
    valueOf(await connector.insert(things, [{ code: "a" }, { code: "b" }]));
    for (const match of [{}, { code: undefined }, { code: ["a", null] }]) {
      assert.equal(failureOf(await connector.update(things, { qty: 1 }, match)).code, "INVALID_CALL");
      const failure = failureOf(await connector.delete(things, match));
      assert.deepEqual([failure.code, failure.kind, failure.isOutcomeUnknown], ["INVALID_CALL", "other", false]);
    }
    assert.equal(failureOf(await connector.update(things, {}, { code: "a" })).code, "INVALID_CALL");
    assert.equal(valueOf(await connector.select(things, {})).length, 2);
  });

  test("names are names, whatever is in them", async (connector, database) => {
    const row = { id: 1, "two words": "w", "\u00e9lan.vital": "v", [hostileColumn]: "h" };
    for (let round = 0; round < 2; round++) {
      assert.deepEqual(valueOf(await connector.insert(oddTable, [{ ...row, id: round }])), [{ ...row, id: round }]);
    }
    assert.deepEqual(valueOf(await connector.insert(oddTable, [{ id: 5 }, { id: 6, [hostileColumn]: "x" }])), [
      { id: 5, "two words": "d", "\u00e9lan.vital": null, [hostileColumn]: null },
      { id: 6, "two words": "d", "\u00e9lan.vital": null, [hostileColumn]: "x" },
    ]);
    const order = [{ column: "two words" }, { column: hostileColumn }, { column: "id" }];
    const match = { [hostileColumn]: ["h"], "\u00e9lan.vital": "v", "two words": "w" };
    const columns = [hostileColumn, "id"];
    const selected = valueOf(await connector.select(oddTable, { columns, match, order }));
    assert.deepEqual(selected, [{ [hostileColumn]: "h", id: 0 }, { [hostileColumn]: "h", id: 1 }]);
    valueOf(await connector.update(oddTable, { [hostileColumn]: "u" }, { id: 0, [hostileColumn]: "h" }));
    valueOf(await connector.upsert(oddTable, [{ id: 0, "two words": "s" }], ["id"]));
    assert.equal(valueOf(await connector.delete(oddTable, { [hostileColumn]: "u", "two words": "s" })).length, 1);
    for (const name of ["", "nul\0", "x".repeat(64), "\ud800"]) {
      assert.equal(failureOf(await connector.insert(things, [{ code: "z", [name]: 1 }])).code, "42602", name);
      assert.equal(failureOf(await connector.select(table(name), {})).code, "42602", name);
    }
    for (const name of ["id from public.parents; --", "id) values (1); --", "id::text", "meta->a"]) {
      const failure = failureOf(await connector.select(things, { columns: [name] }));
      assert.deepEqual([failure.code, failure.kind, failure.column], ["42703", "drift", name]);
      failureOf(await connector.insert(things, [{ code: "a", [name]: 1 }]));
      failureOf(await connector.select(things, { match: { [name]: 1 } }));
      failureOf(await connector.select(things, { order: [{ column: name }] }));
    }
    const star = failureOf(await connector.select(things, { columns: ["*"] }));
    assert.equal(star.code, connector.kind === "postgrest" ? "42602" : "42703"); // There "*" is all columns, even quoted.
    assert.equal((await database.sql`select to_regclass('public.parents') as it`)[0]!.it, "parents");
  });

  test("values are values, whatever is in them", async (connector) => {
    const texts = [
      "'; drop table public.parents; --",
      "$1",
      '"',
      "\\",
      "{a,b}",
      "null",
      "NULL",
      "",
      " ",
      "%",
      "a,b",
      "(a)",
      "eq.1",
      'x"),code.neq.("',
      "\u{1f600}\u0301",
      '{"a":1}',
      "\n\t\r",
      "*",
    ];
    valueOf(await connector.insert(things, texts.map((code) => ({ code, note: code }))));
    for (const text of texts) {
      const [row, ...more] = valueOf(await connector.select(things, { match: { code: text } }));
      assert.deepEqual([row?.note, more], [text, []]);
      const listed = valueOf(await connector.update(things, { note: `${text}!` }, { code: [text, "other"] }));
      assert.deepEqual(pick(listed, "code", "note"), [[text, `${text}!`]]);
      assert.equal(valueOf(await connector.delete(things, { code: text, note: `${text}!` })).length, 1);
      assert.equal(valueOf(await connector.insert(things, [{ code: text }]))[0]!.code, text);
    }
    assert.equal(valueOf(await connector.select(things, { match: { code: texts } })).length, texts.length);
  });

  const exact: readonly [column: string, value: unknown, stored: string | null][] = [
    ["big", 9223372036854775807n, "9223372036854775807"],
    ["big", "-9223372036854775808", "-9223372036854775808"],
    ["big", 42, "42"],
    ["price", "12345678901234567890.123456789012345678", "12345678901234567890.123456789012345678"],
    ["price", 10n ** 30n, `1${"0".repeat(30)}`],
    ["price", 0.1, "0.1"],
    ["price", NaN, "NaN"],
    ["ratio", 5e-324, "5e-324"],
    ["ratio", 1.7976931348623157e308, "1.7976931348623157e+308"],
    ["ratio", -0, "-0"],
    ["ratio", Infinity, "Infinity"],
    ["ratio", NaN, "NaN"],
    ["flag", true, "true"],
    ["flag", false, "false"],
    ["flag", "yes", "true"],
    ["at", "2026-03-01 12:00:00.123456+05:30", "2026-03-01 06:30:00.123456+00"],
    ["at", new Date("2026-03-01T12:00:00.789Z"), "2026-03-01 12:00:00.789+00"],
    ["at", "infinity", "infinity"],
    ["local", "2026-03-01T12:00:00.000001", "2026-03-01 12:00:00.000001"],
    ["day", "0044-03-15 BC", "0044-03-15 BC"],
    [
      "meta",
      { b: [1, 2.50, "x", null, { c: true }], a: "\u00e9" },
      '{"a": "\u00e9", "b": [1, 2.5, "x", null, {"c": true}]}',
    ],
    ["meta", "text", '"text"'],
    ["meta", "5", '"5"'],
    ["meta", 5, "5"],
    ["meta", [1, "2"], '[1, "2"]'],
    ["meta", true, "true"],
    ["meta", { n: 12345678901234567890n }, '{"n": 12345678901234567890}'],
    ["doc", { z: 1, a: 2 }, '{"z":1,"a":2}'],
    [
      "tags",
      ["a", 'b"c', "d\\e", "{f,g}", "NULL", null, "", "\u00e9"],
      '{a,"b\\"c","d\\\\e","{f,g}","NULL",NULL,"",\u00e9}',
    ],
    ["tags", [], "{}"],
    ["tags", "{x,y}", "{x,y}"],
    ["nums", [[1, 2], [3, 4]], "{{1,2},{3,4}}"],
    ["raw", new Uint8Array([0, 1, 92, 255]), "\\x00015cff"],
    ["raw", "\\xdeadbeef", "\\xdeadbeef"],
    ["uid", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
    ["feeling", "wild", "wild"],
    ["short", "12345", "12345"],
    ["fixed", "ab", "ab"],
    ["note", 12, "12"],
    ["note", 3n, "3"],
    ["note", true, "true"],
    ["note", { a: [1] }, '{"a":[1]}'],
    ["note", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["qty", "12", "12"],
    ["span", "[1,5)", "[1,5)"],
    ["big", null, null],
    ["meta", null, null],
  ];

  test("values keep what they are, alone, among others and in an update", async (connector, database) => {
    for (const [index, [column, value, stored]] of exact.entries()) {
      const check = async (way: string, code: string) => {
        const [row] = await database.sql`select ${database.sql(column)}::text as stored from public.things
          where code = ${code}`;
        assert.equal(row?.stored, stored, `${column} ${way}: ${Deno.inspect(value)}`);
        await database.sql`update public.things set span = null where code = ${code}`;
      };
      valueOf(await connector.insert(things, [{ code: `one${index}`, [column]: value }]));
      await check("alone", `one${index}`);
      valueOf(await connector.insert(things, [{ code: `many${index}`, [column]: value }, { code: `other${index}` }]));
      // There a missing key's default takes the whole row through jsonb: the same value, written otherwise.
      const isRewritten = connector.kind === "postgrest" && typeof value === "object" && !Array.isArray(value) &&
        (column === "doc" || column === "note");
      if (!isRewritten) await check("among others", `many${index}`);
      valueOf(await connector.update(things, { [column]: value }, { code: `other${index}` }));
      await check("updated", `other${index}`);
    }
  });

  test("the answer keeps what a number of JavaScript cannot", async (connector) => {
    const row = { id: 9007199254740993n, code: "big", price: "12345678901234567890.5" };
    const [inserted] = valueOf(await connector.insert(things, [row]));
    assert.deepEqual([String(inserted!.id), String(inserted!.price)], ["9007199254740993", row.price]);
    const [selected] = valueOf(await connector.select(things, { match: { id: 9007199254740993n } }));
    assert.equal(String(selected!.id), "9007199254740993");
  });

  test("what is no value is refused before it is sent", async (connector) => {
    const looped: Record<string, unknown> = {};
    looped.self = looped;
    for (const value of [() => {}, Symbol("x"), new Date(NaN), looped, { deep: [() => {}] }]) {
      assert.equal(failureOf(await connector.insert(things, [{ code: "x", meta: value }])).code, "INVALID_CALL");
      assert.equal(
        failureOf(await connector.insert(things, [{ code: "x" }, { code: "y", meta: value }])).code,
        "INVALID_CALL",
      );
    }
    assert.deepEqual(valueOf(await connector.select(things, {})), []);
  });
}
