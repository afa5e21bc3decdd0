import assert from "node:assert/strict";
import type { Connector, Outcome, Row } from "../../supabase/functions/_shared/connect/connector.ts";
import { diagnose } from "../../supabase/functions/_shared/healing/diagnosis/diagnose.ts";
import type { Diagnosis } from "../../supabase/functions/_shared/healing/diagnosis/diagnosis.ts";
import type { DiagnosisContext } from "../../supabase/functions/_shared/healing/diagnosis/diagnosisContext.ts";
import { failureOf, things, valueOf } from "./connectExpectations.ts";
import { table } from "./connectFixture.ts";
import { diagnosisStack } from "./diagnosisFixture.ts";
import { reloadSchema } from "./reloadSchema.ts";

type Tried = Omit<DiagnosisContext, "snapshot">;

function run(connector: Connector, tried: Tried): Promise<Outcome<unknown>> {
  const { operation, table, rows, conflictColumns = [], match = {} } = tried;
  switch (operation) {
    case "insert":
      return connector.insert(table, rows);
    case "upsert":
      return connector.upsert(table, rows, conflictColumns);
    case "update":
      return connector.update(table, rows[0]!, match);
    case "delete":
      return connector.delete(table, match);
    case "select":
      return connector.select(table, { match });
    case "rpc":
      return connector.rpc(table, rows[0]!);
  }
}

const unfit = (column: string, type: string, refusals: readonly string[], more: Row = {}) => ({
  column,
  type,
  isInMatch: false,
  rows: [0],
  refusals,
  ...more,
});
const insert = (...rows: Row[]): Tried => ({ operation: "insert", table: things, rows });
const upsert = (conflictColumns: string[], ...rows: Row[]): Tried => ({
  operation: "upsert",
  table: things,
  rows,
  conflictColumns,
});
const fail = (with_code: string): Tried => ({ operation: "rpc", table: table("fail"), rows: [{ with_code }] });

const cases: readonly (readonly [title: string, tried: Tried, expected: unknown])[] = [
  [
    "all keys without a column, not only the first",
    insert({ code: "n", colour: 1, qyt: 2 }, { code: "m", siez: 3 }),
    { kind: "unknown_column", columns: ["colour", "qyt", "siez"], otherNames: [] },
  ],
  [
    "keys of a patch and names of a match",
    { operation: "update", table: things, rows: [{ colour: 1 }], match: { code: "taken", siez: 1 } },
    { kind: "unknown_column", columns: ["colour"], otherNames: ["siez"] },
  ],
  [
    "a match alone",
    { operation: "select", table: things, rows: [], match: { colour: 1 } },
    { kind: "unknown_column", columns: [], otherNames: ["colour"] },
  ],
  ["a table", { operation: "insert", table: table("thing"), rows: [{ a: 1 }] }, {
    kind: "unknown_table",
    table: table("thing"),
  }],
  ["a function", { operation: "rpc", table: table("no_such"), rows: [{ a: 1, b: 2 }] }, {
    kind: "unknown_function",
    fn: table("no_such"),
    args: ["a", "b"],
  }],
  [
    "two columns of the wrong type in one row",
    insert({ code: "n", qty: "many", feeling: "odd" }),
    {
      kind: "type_mismatch",
      columns: [unfit("qty", "integer", ["not_a_number"]), unfit("feeling", "mood", ["unknown_label"])],
    },
  ],
  [
    "values that can be coerced, in the second row",
    insert({ code: "n" }, { code: "m", qty: "1e3" }),
    { kind: "type_mismatch", columns: [unfit("qty", "integer", [], { rows: [1] })] },
  ],
  ["a uuid", insert({ code: "n", uid: "x", qty: 5 }), {
    kind: "type_mismatch",
    columns: [unfit("uid", "uuid", ["not_a_uuid"])],
  }],
  ["an exponent in an integer", insert({ code: "n", big: 1e21 }), {
    kind: "type_mismatch",
    columns: [unfit("big", "bigint", ["imprecise_number"])],
  }],
  ["a fraction in an integer", insert({ code: "n", qty: 1.5 }), {
    kind: "type_mismatch",
    columns: [unfit("qty", "integer", ["would_round"])],
  }],
  ["a type that no coercion knows", insert({ code: "n", qty: 5, span: "wide" }), {
    kind: "type_mismatch",
    columns: [unfit("span", "int4range", ["unsupported_type"])],
  }],
  [
    "a value of a match",
    { operation: "delete", table: things, rows: [], match: { qty: "many" } },
    {
      kind: "type_mismatch",
      columns: [unfit("qty", "integer", ["not_a_number"], { isInMatch: true, rows: [] })],
    },
  ],
  ["a time that is none", insert({ code: "n", at: "noon-ish" }), {
    kind: "type_mismatch",
    columns: [unfit("at", "timestamp with time zone", ["not_a_time"])],
  }],
  ["a day that no month has", insert({ code: "n", day: "2026-02-30" }), {
    kind: "type_mismatch",
    columns: [unfit("day", "date", ["not_a_time"])],
  }],
  ["a time in milliseconds", insert({ code: "n", at: 1_763_720_000_000 }), {
    kind: "type_mismatch",
    columns: [unfit("at", "timestamp with time zone", [])],
  }],
  ["texts that are too long", insert({ code: "n", short: "abcdef", fixed: "abcde" }), {
    kind: "too_long",
    columns: [
      unfit("short", "character varying(5)", ["too_long"]),
      unfit("fixed", "character(4)", ["too_long"]),
    ],
  }],
  ["a number that is too big", insert({ code: "n", qty: 3_000_000_000 }), {
    kind: "out_of_range",
    columns: [unfit("qty", "integer", ["out_of_range"])],
  }],
  ["a character that no text holds", insert({ code: "n", note: "a\0b" }), {
    kind: "unstorable_text",
    columns: [unfit("note", "text", ["nul_character"])],
  }],
  ["a value that must be there", insert({ code: null }, { code: "n" }), {
    kind: "not_null",
    columns: [{ column: "code", rows: [0], fillsItself: false }],
  }],
  ["a key that must be there", insert({ qty: 1 }), {
    kind: "not_null",
    columns: [{ column: "code", rows: [0], fillsItself: false }],
  }],
  ["several columns that must be there", { operation: "insert", table: table("pairs"), rows: [{ c: 1 }] }, {
    kind: "not_null",
    columns: [{ column: "a", rows: [0], fillsItself: false }, { column: "b", rows: [0], fillsItself: false }],
  }],
  ["a key that is taken", insert({ code: "taken" }), {
    kind: "duplicate_key",
    constraint: "things_code_key",
    columns: ["code"],
  }],
  ["an index that is unique", insert({ code: "n", short: "one", ratio: 1 }), {
    kind: "duplicate_key",
    constraint: "one_short",
    columns: ["short", "ratio"],
  }],
  ["a parent that is not there", insert({ code: "n", parent_id: 5 }), {
    kind: "missing_parent",
    constraint: "parent_exists",
    columns: ["parent_id"],
    parentTable: table("parents"),
  }],
  ["a parent that is still needed", { operation: "delete", table: table("parents"), rows: [], match: { id: 1 } }, {
    kind: "still_referenced",
    constraints: [{ constraint: "parent_exists", childTable: things }],
  }],
  ["a check", insert({ code: "n", qty: 0 }), {
    kind: "check_failed",
    constraint: "qty_is_positive",
    columns: ["qty"],
  }],
  ["an exclusion", insert({ code: "n", span: "[2,3)" }), {
    kind: "exclusion_conflict",
    constraint: "spans_are_apart",
    columns: ["span"],
  }],
  [
    "rows that meet in one upsert",
    upsert(["code"], { code: "a", qty: 1 }, { code: "b", qty: 1 }, { code: "a", qty: 2 }),
    {
      kind: "duplicate_in_statement",
      columns: ["code"],
      groups: [[0, 2]],
    },
  ],
  ["a conflict that no key decides", upsert(["note"], { code: "a", note: "x" }), {
    kind: "no_conflict_target",
    columns: ["note"],
    keys: [
      { constraint: "things_pkey", columns: ["id"] },
      { constraint: "things_code_key", columns: ["code"] },
      { constraint: "one_short", columns: ["short", "ratio"] },
    ],
  }],
  ["a column that is generated", insert({ id: 1, code: "n", made: "x" }), {
    kind: "generated_column",
    columns: ["made"],
  }],
  ["an identity that takes no value", { operation: "insert", table: table("counted"), rows: [{ id: 1 }] }, {
    kind: "generated_column",
    columns: ["id"],
  }],
  ["an empty match", { operation: "delete", table: things, rows: [], match: {} }, {
    kind: "invalid_call",
    code: "INVALID_CALL",
  }],
  ...([
    "40001",
    "40P01",
    "55P03",
    "08006",
    "57P01",
    "53300",
    "57P03",
    "53100",
    "53200",
    "54000",
    "57014",
    "26000",
    "0A000",
  ]
    .concat(["42704", "42501", "28000", "3D000", "ZZ999"])
    .map((code): [string, Tried, unknown] => [`code ${code}`, fail(code), undefined])),
];

Deno.test("both connectors' failures have the same diagnosis", async (t) => {
  await using stack = await diagnosisStack();
  const { connectors, snapshot, database, standIn } = stack;
  valueOf(await connectors[0].insert(table("parents"), [{ id: 1 }]));
  valueOf(await connectors[0].insert(things, [{ code: "taken", span: "[1,9)", parent_id: 1, short: "one", ratio: 1 }]));
  assert.ok(snapshot.tables.length > 3 && standIn.requests.length === 0);
  for (const [title, tried, expected] of cases) {
    await t.step(title, async () => {
      const found: Diagnosis[] = [];
      const [postgres, postgrest] = connectors;
      // Once the types are known values travel as parameters of their own, and errors name their columns.
      valueOf(await postgres.select(things, { match: { code: "taken" } }));
      for (const connector of [postgres, stack.untaught, postgrest]) {
        found.push(diagnose(failureOf(await run(connector, tried)), { ...tried, snapshot }));
      }
      const [ofPostgres, ofUntaught, ofPostgrest] = found;
      if (expected !== undefined) assert.deepEqual(ofPostgres, expected);
      assert.deepEqual([ofUntaught, ofPostgrest], [ofPostgres, ofPostgres]);
    });
  }
  const [{ count }] = await database.sql`select count(*)::int from public.things` as [{ count: number }];
  assert.equal(count, 1, "none of the failures left a row");
});

Deno.test("a snapshot that is out of date is told by both", async () => {
  await using stack = await diagnosisStack();
  const { connectors: [postgres, postgrest], snapshot, database } = stack;
  await database.sql`alter table public.things rename qty to quantity`;
  await reloadSchema(postgrest, database);
  const tried = insert({ code: "n", qty: 1, colour: 2 });
  for (const connector of [postgres, postgrest]) {
    const diagnosis = diagnose(failureOf(await run(connector, tried)), { ...tried, snapshot });
    const isFirst = connector === postgres || diagnosis.kind === "stale_schema";
    assert.deepEqual(
      diagnosis,
      isFirst
        ? { kind: "stale_schema", names: ["qty"] }
        : { kind: "unknown_column", columns: ["colour"], otherNames: [] },
    );
  }
});
