import assert from "node:assert/strict";
import { CallRefusedError } from "./callRefusedError.ts";
import { SqlText } from "./sqlText.ts";
import { refusalOf, toDbFailure } from "./toDbFailure.ts";

const table = { schema: "shop", name: "orders" };
const sql = new SqlText().add("insert into ").table(table).add(" (").column("a\u{1f600}").add(", ").column("b")
  .add(") values (").parameter("a\u{1f600}").add(", ").parameter("b").add(")").compile();
const error = (fields: Record<string, unknown>) => Object.assign(new Error("m"), fields);
const positionOf = (text: string) => String([...sql.text.slice(0, sql.text.indexOf(text))].length + 1);

Deno.test("the server's fields are taken as they are", () => {
  const failure = toDbFailure(
    error({
      code: "23505",
      schema_name: "s",
      table_name: "t",
      constraint_name: "k",
      "data type_name": "d",
      detail: "Key",
      hint: "h",
    }),
    { table, sql },
  );
  const { cause: _, ...rest } = failure;
  assert.deepEqual(rest, {
    code: "23505",
    kind: "conflict",
    message: "m",
    schema: "s",
    table: "t",
    constraint: "k",
    dataType: "d",
    detail: "Key",
    hint: "h",
    isOutcomeUnknown: false,
  });
});

Deno.test("a position tells the column or the table that is not there", () => {
  const column = toDbFailure(error({ code: "42703", position: positionOf('"b"') }), { table, sql });
  assert.deepEqual([column.schema, column.table, column.column], ["shop", "orders", "b"]);
  const missing = toDbFailure(error({ code: "42P01", position: positionOf('"shop"') }), { table, sql });
  assert.deepEqual([missing.schema, missing.table, missing.column], ["shop", "orders", undefined]);
  assert.equal(toDbFailure(error({ code: "42703", position: "1" }), { table, sql }).column, undefined);
});

Deno.test("a context tells the parameter that could not be read, a trigger's does not", () => {
  const columnOf = (code: string, where: string) => toDbFailure(error({ code, where }), { table, sql }).column;
  assert.equal(columnOf("22P02", "unnamed portal parameter $2 = 'x'"), "b");
  assert.equal(columnOf("22P02", "Portalparameter $1"), "a\u{1f600}");
  assert.equal(columnOf("22P02", "unnamed portal parameter $2 = 'a\nb'"), "b");
  assert.equal(columnOf("22P02", 'SQL expression "$1::int"\nPL/pgSQL function f() line 1'), undefined);
  assert.equal(columnOf("23514", "unnamed portal parameter $2 = 'x'"), undefined);
});

Deno.test("a lost connection leaves a write unknown, and a read without effect", () => {
  for (const code of ["CONNECTION_CLOSED", "57P01", "ECONNRESET"]) {
    assert.equal(toDbFailure(error({ code })).isOutcomeUnknown, true);
    assert.equal(toDbFailure(error({ code }), { isRead: true }).isOutcomeUnknown, false);
  }
  assert.equal(toDbFailure(error({ code: "ECONNREFUSED" })).isOutcomeUnknown, false);
  assert.deepEqual([toDbFailure("thrown").code, toDbFailure("thrown").message], ["UNKNOWN", "thrown"]);
});

Deno.test("a refused call is a failure, any other error of ours is thrown on", () => {
  assert.equal(refusalOf(new CallRefusedError("42602", "m")).code, "42602");
  assert.equal(refusalOf(new TypeError("m")).code, "INVALID_CALL");
  assert.throws(() => refusalOf(new Error("a bug")), { message: "a bug" });
});
