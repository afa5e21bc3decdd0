import assert from "node:assert/strict";
import { withLiterals } from "./oneMessage.ts";
import { toStatement } from "./statement.ts";

const written = (strings: TemplateStringsArray, ...values: unknown[]) => withLiterals(toStatement(strings, values));

Deno.test("withLiterals: each value is a literal that its place reads", () => {
  assert.equal(written`select f(${null}, ${"a"}, ${5}, ${true}, ${7n})`, "select f(null, 'a', '5', 'true', '7')");
  assert.equal(written`select f(${new Date(0)})`, "select f('1970-01-01T00:00:00.000Z')");
  assert.equal(written`select f(${new Uint8Array([1, 255])})`, "select f( E'\\\\x01ff')");
  assert.equal(written`select f(${{ q: "it's" }}::jsonb)`, `select f('{"q":"it''s"}'::jsonb)`);
  assert.equal(written`select f(${["a", null, 'b"']}::text[])`, `select f( E'{"a",NULL,"b\\\\""}'::text[])`);
  assert.equal(written`select "odd ; -- name"('a;b', ${"c"})`, `select "odd ; -- name"('a;b', 'c')`);
});

Deno.test("withLiterals: no value stands within quotes, a comment or another statement", () => {
  const refused = { name: "TypeError", message: /^Cannot write values into the statement as it has / };
  assert.throws(() => written`select f('${"); drop table notes; --"}')`, refused);
  assert.throws(() => written`select f("${"x"}")`, refused);
  assert.throws(() => written`select f($$${"x"}$$)`, refused);
  assert.throws(() => written`select f(E'\\'${"x"}')`, refused);
  assert.throws(() => written`select f(1) -- ${"x"}`, refused);
  assert.throws(() => written`select f(1) /* ${"x"} */`, refused);
  assert.throws(() => written`select f(${"x"}); select 2`, refused);
});
