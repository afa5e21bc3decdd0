import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonRow, jsonText, listText, scalarText } from "./valueText.ts";

Deno.test("scalars have the text that Postgres reads", () => {
  const cases: [unknown, string | null | undefined][] = [
    ["x", "x"],
    [-0, "-0"],
    [NaN, "NaN"],
    [Infinity, "Infinity"],
    [2n ** 63n, "9223372036854775808"],
    [true, "true"],
    [null, null],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Uint8Array([1, 255]), "\\x01ff"],
    ["\ud800", undefined],
    [[1], undefined],
    [{}, undefined],
    [new Date(NaN), undefined],
  ];
  for (const [value, text] of cases) assert.equal(scalarText(value), text);
});

Deno.test("JSON text says what JavaScript's own says, where that loses nothing", () => {
  // The sign of -0 is what it would lose: a mark stands for it. The texts are compared, as V8 12.8 and later may parse a
  // key "\n" as "\\" once it has parsed a key "\\" (nodejs/node 63785).
  const mark = "negative zero";
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const marked = JSON.stringify(value, (_key, inner) => Object.is(inner, -0) ? mark : inner);
      assert.equal(jsonText(value), marked.replaceAll(`"${mark}"`, "-0"));
    }),
    { examples: [[-0], [[0, -0]], [{ zero: { inner: [-0] } }]] },
  );
});

Deno.test("JSON text keeps what JavaScript's own loses", () => {
  assert.equal(jsonText({ a: [2n ** 64n, NaN, -0, -Infinity] }), '{"a":[18446744073709551616,"NaN",-0,"-Infinity"]}');
  assert.equal(jsonText(new Uint8Array([0, 16])), '"\\\\x0010"');
  assert.equal(jsonText({ d: new Date(0), u: undefined }), '{"d":"1970-01-01T00:00:00.000Z"}');
  assert.equal(jsonText(JSON.parse('{"__proto__":{"a":1}}')), '{"__proto__":{"a":1}}');
  assert.equal(jsonText("\ud800"), '"\\ud800"');
  assert.equal(jsonRow(JSON.parse('{"__proto__":1,"b":2}'), ["__proto__"]), '{"__proto__":1}');
});

Deno.test("what has no JSON form is refused", () => {
  const looped: unknown[] = [];
  looped.push(looped);
  for (const value of [() => {}, Symbol("x"), { a: () => {} }, new Date(NaN), looped, undefined]) {
    assert.throws(() => jsonText(value), TypeError);
  }
});

Deno.test("lists are arrays whose members are quoted, or cannot be told as such", () => {
  assert.equal(listText(["a,b", 'q"', "\\", 1, true]), '{"a,b","q\\"","\\\\","1","true"}');
  assert.equal(listText([]), "{}");
  assert.equal(listText(["\ud800"]), undefined);
});
