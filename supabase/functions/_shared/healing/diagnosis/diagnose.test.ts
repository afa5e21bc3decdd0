import assert from "node:assert/strict";
import fc from "fast-check";
import type { Row } from "../../connect/connector.ts";
import { diagnose } from "./diagnose.ts";
import type { DiagnosisOf } from "./diagnosis.ts";
import { surveyPayload } from "./surveyPayload.ts";
import { columnOf, constraintOf, contextOf, failureOf, orders, snapshot } from "./testing/diagnosisFixture.ts";

const name = fc.oneof(
  fc.constantFrom(
    "id",
    "code",
    "a",
    "b",
    "user_id",
    "userID",
    "__proto__",
    "constructor",
    "toString",
    'q"',
    "\u{1f600}",
  ),
  fc.string({ minLength: 1, maxLength: 4 }),
);
const value = fc.oneof(
  fc.constant(undefined),
  fc.constant(null),
  fc.integer(),
  fc.string(),
  fc.object({ maxDepth: 1 }),
);
const row: fc.Arbitrary<Row> = fc.array(fc.tuple(name, value), { maxLength: 8 }).map((pairs) =>
  Object.fromEntries(pairs)
);

Deno.test("an unknown column lists exactly the keys without a column", () => {
  let named = 0;
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { maxLength: 8 }),
      fc.array(row, { maxLength: 4 }),
      fc.nat(),
      (columns, rows, at) => {
        const missing: string[] = [];
        for (const row of rows) {
          for (const [key, value] of Object.entries(row)) {
            if (value !== undefined && !columns.includes(key) && !missing.includes(key)) missing.push(key);
          }
        }
        const table = {
          ...snapshot.tables[0]!,
          columns: columns.map((name, index) => columnOf(name, "text", index + 1)),
        };
        const context = contextOf(rows, { snapshot: { tables: [table], enums: [] } });
        // The server names any one of them, or none.
        const column = missing[at % (missing.length + 1)];
        const found = diagnose(failureOf("42703", column === undefined ? {} : { column }), context);
        if (missing.length === 0) return assert.deepEqual(found, { kind: "stale_schema", names: [] });
        named++;
        assert.deepEqual(found, { kind: "unknown_column", columns: missing, otherNames: [] });
      },
    ),
    { numRuns: 2_000 },
  );
  assert.ok(named > 500, `only ${named} payloads had such keys: the property says too little`);
});

Deno.test("no kind of message changes a diagnosis, and no value of the payload is in it", () => {
  const rows = [{ code: "secret-code", qty: "secret-many", colour: "secret-red" }];
  for (const code of ["42703", "22P02", "23502", "23505", "23503", "22001", "428C9", "PGRST204"]) {
    const quiet = diagnose(failureOf(code), contextOf(rows));
    assert.deepEqual(diagnose(failureOf(code, { message: 'column "qty" 22P02 deadlock' }), contextOf(rows)), quiet);
    assert.ok(!JSON.stringify(quiet).includes("secret"));
  }
});

Deno.test("what the server names is listed too, where the snapshot finds nothing against it", () => {
  const taken = diagnose(failureOf("22P02", { column: "qty" }), contextOf([{ code: "a", qty: 5 }, { code: "b" }]));
  assert.deepEqual(taken, {
    kind: "type_mismatch",
    columns: [{ column: "qty", type: "integer", isInMatch: false, rows: [0], refusals: [] }],
  });
  const byTrigger = diagnose(failureOf("23502", { column: "short" }), contextOf([{ code: "a", short: "b" }]));
  assert.deepEqual(byTrigger, { kind: "not_null", columns: [{ column: "short", rows: [], fillsItself: false }] });
  const elsewhere = { schema: "public", table: "customers", column: "id" };
  const ofAnother = diagnose(failureOf("23502", elsewhere), contextOf([{ code: "a" }]));
  assert.deepEqual(ofAnother, { kind: "not_null", columns: [] });
});

Deno.test("values of unknown types are meant only where no other can be", () => {
  const columnsOf = (row: Row, column?: string) => {
    const fields = column === undefined ? {} : { column };
    const found = diagnose(failureOf("22P02", fields), contextOf([row])) as DiagnosisOf<"type_mismatch">;
    return found.columns.map(({ column }) => column);
  };
  assert.deepEqual(columnsOf({ qty: 5, span: "x" }), ["span"]);
  assert.deepEqual(columnsOf({ qty: "x", span: "[1,2)" }), ["qty"]);
  assert.deepEqual(columnsOf({ qty: "x", span: "x" }, "span"), ["qty", "span"]);
  const taken = { meta: '{"a": 1}', code: { a: 1 }, price: "1.999", qty: "5", uid: null, day: "2026-01-02T03:04:05Z" };
  assert.deepEqual(columnsOf(taken), []);
  assert.deepEqual(columnsOf({ qty: "1e30", price: 1e9 }), ["qty"]);
  assert.deepEqual(columnsOf({ feelings: ["calm", "odd"], feeling: "Calm", uid: "x" }), ["feeling", "feelings", "uid"]);
});

Deno.test("a snapshot that has what the database lacks is stale", () => {
  const rows = [{ code: "a", colour: 1 }];
  const of = (code: string, fields = {}) => diagnose(failureOf(code, fields), contextOf(rows));
  assert.deepEqual(of("PGRST204", { column: "code" }), { kind: "stale_schema", names: ["code"] });
  assert.deepEqual(of("42P01"), { kind: "stale_schema", names: ["orders"] });
  assert.deepEqual(of("3F000"), { kind: "stale_schema", names: ["public"] });
});

Deno.test("a table that the snapshot lacks: only what the server names is known", () => {
  const view = { table: { schema: "public", name: "a_view" } };
  const of = (fields = {}) => diagnose(failureOf("42703", fields), contextOf([{ a: 1, b: 2 }], view));
  assert.deepEqual(of({ column: "b" }), { kind: "unknown_column", columns: ["b"], otherNames: [] });
  assert.deepEqual(of(), { kind: "unknown_object" });
});

Deno.test("both sides of a foreign key, and a table that refers to itself", () => {
  const customers = { schema: "public", name: "customers" };
  const of = (operation: "insert" | "update" | "delete", constraint: string, row: Row) =>
    diagnose(failureOf("23503", { constraint }), contextOf([row], { table: customers, operation })).kind;
  assert.equal(of("delete", "customer_exists", {}), "still_referenced");
  assert.equal(of("update", "customer_exists", { id: 2, note: "moved" }), "still_referenced");
  assert.equal(of("update", "boss_exists", { id: 2 }), "still_referenced");
  assert.equal(of("update", "boss_exists", { boss_id: 9 }), "missing_parent");
  assert.equal(of("insert", "boss_exists", { id: 2, boss_id: 9 }), "missing_parent");
  // Where the constraint's name is not known, all that refer to the table can be meant.
  const context = contextOf([], { table: customers, operation: "delete" });
  const found = diagnose(failureOf("23503", { constraint: "orders" }), context) as DiagnosisOf<"still_referenced">;
  assert.deepEqual(found.constraints, [
    { constraint: "customer_exists", childTable: orders },
    { constraint: "boss_exists", childTable: customers },
  ]);
});

Deno.test("a survey finds everything at once, and nothing in a row that fits", () => {
  const row = { id: 1, qty: "x", short: "abcdef", price: 99999, colour: 1, made: "y", meta: "a\0" };
  assert.deepEqual(surveyPayload(contextOf([row])).map(({ kind }) => kind), [
    ...["unknown_column", "generated_column", "type_mismatch", "too_long", "out_of_range", "unstorable_text"],
    "not_null",
  ]);
  const fits = {
    id: 1,
    code: "a",
    qty: 5,
    at: "2026-01-02T03:04:05Z",
    span: "[1,2)",
    feelings: ["calm"],
    meta: { a: 1 },
  };
  assert.deepEqual(surveyPayload(contextOf([fits])), []);
});

Deno.test("what a statement matches and reads is looked at too", () => {
  const match = { qty: [1, "x"], colour: 1, xmin: "1" };
  const context = contextOf([], { operation: "select", match, readColumns: ["code", "ctid", "size"] });
  const names = { kind: "unknown_column", columns: [], otherNames: ["colour", "size"] };
  assert.deepEqual(diagnose(failureOf("42703"), context), names);
  const [unfit] = (diagnose(failureOf("22P02"), context) as DiagnosisOf<"type_mismatch">).columns;
  assert.deepEqual(unfit, { column: "qty", type: "integer", isInMatch: true, rows: [], refusals: ["not_a_number"] });
  const times = { day: "2026-01-02T03:04:05Z", at: "2026-01-02" }; // Cut or read in some zone, but read.
  assert.deepEqual(diagnose(failureOf("22007"), contextOf([times])), { kind: "type_mismatch", columns: [] });
});

Deno.test("a constraint is that of the table which the error names", () => {
  const customers = { ...snapshot.tables[1]!, constraints: [constraintOf("same", "check", [2])] };
  const own = { ...snapshot.tables[0]!, constraints: [constraintOf("same", "check", [3])] };
  const context = contextOf([], { snapshot: { tables: [own, customers], enums: [] } });
  const of = (fields = {}) => diagnose(failureOf("23514", { constraint: "same", ...fields }), context);
  assert.deepEqual(of(), { kind: "check_failed", constraint: "same", columns: ["qty"] });
  const told = of({ schema: "public", table: "customers" });
  assert.deepEqual(told, { kind: "check_failed", constraint: "same", columns: ["boss_id"] });
});

Deno.test("more than one row from a subquery is no duplicate of an insert", () => {
  assert.deepEqual(diagnose(failureOf("21000"), contextOf([{ code: "a" }, { code: "a" }])), {
    kind: "unknown",
    code: "21000",
  });
});

Deno.test("a key that cannot be a name is an unknown column, unless it is what rows are found by", () => {
  for (const name of ["", "a\u0000b", "\ud83d", "x".repeat(64)]) {
    const found = diagnose(failureOf("42602", { kind: "other" }), contextOf([{ code: "a", [name]: 1, colour: 2 }]));
    assert.deepEqual(found, { kind: "unknown_column", columns: [name, "colour"], otherNames: [] });
    const refused = diagnose(
      failureOf("42602", { kind: "other" }),
      contextOf([{ [name]: 1 }], { match: { [name]: 1 } }),
    );
    assert.deepEqual(refused, { kind: "invalid_call", code: "42602" });
    const elsewhere = { schema: "public", name: "gone" };
    const renamed = diagnose(
      failureOf("42602", { kind: "other" }),
      contextOf([{ code: "a", [name]: 1 }], { table: elsewhere }),
    );
    assert.deepEqual(renamed, { kind: "unknown_table", table: elsewhere });
  }
});

Deno.test("an upsert whose rows a plan has parted has unknown columns; any other invalid call is the caller's", () => {
  const failure = failureOf("INVALID_CALL", { kind: "other" });
  const parted = contextOf([{ code: "a", qty: 1 }, { code: "b", quantity: 2 }], { operation: "upsert" });
  assert.deepEqual(diagnose(failure, parted), { kind: "unknown_column", columns: ["quantity"], otherNames: [] });
  const refused = { kind: "invalid_call", code: "INVALID_CALL" };
  assert.deepEqual(diagnose(failure, { ...parted, operation: "update" }), refused);
  assert.deepEqual(diagnose(failure, { ...parted, rows: [{ code: "a" }, { qty: 1 }] }), refused);
});

Deno.test("what Postgres reads in its own way is no fault, be it in another form than a coercion's", () => {
  const read = { qty: "007", at: "2026-01-02T03:04:05.210Z", day: "2026-01-02T00:00:00.000Z" };
  assert.deepEqual(surveyPayload(contextOf([{ code: "a", ...read }])), []);
  const kinds = surveyPayload(contextOf([{ code: "a", qty: "1,234,567", at: 1_700_000_000_000 }]));
  assert.deepEqual(kinds.map(({ kind }) => kind), ["type_mismatch"]);
});
