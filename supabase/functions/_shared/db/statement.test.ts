import assert from "node:assert/strict";
import { JsonText } from "./driverTypes.ts";
import { toStatement } from "./statement.ts";

const strings = Object.assign([""], { raw: [""] });

Deno.test("statement: values that can be sent are kept, objects as JSON made beforehand", () => {
  const date = new Date(0);
  const bytes = new Uint8Array([1]);
  const { values, kinds } = toStatement(strings, ["a", 1, 2n, true, null, date, bytes, [1, [2]], { a: 1 }]);
  assert.deepEqual(values.slice(0, 8), ["a", 1, 2n, true, null, date, bytes, [1, [2]]]);
  assert.ok(values[8] instanceof JsonText && values[8].text === '{"a":1}');
  assert.equal(kinds, "--ib-dx-j");
});

Deno.test("statement: what cannot be sent is refused before it meets a connection", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const refused: [unknown, RegExp][] = [
    [undefined, /^Cannot send parameter 2 as its value is of type undefined$/],
    [() => 1, /of type function$/],
    [Symbol("s"), /of type symbol$/],
    [new Date(NaN), /as its date is invalid$/],
    [[1, undefined], /of type undefined$/],
    [circle, /^Cannot send parameter 2 as /],
    [{ a: 1n }, /^Cannot send parameter 2 as /],
    [{ toJSON: () => undefined }, /as the value has no JSON form$/],
  ];
  for (const [value, message] of refused) {
    assert.throws(() => toStatement(strings, [1, value]), { name: "TypeError", message });
  }
  assert.throws(() => toStatement(strings, Array(65_534).fill(1)), { code: "MAX_PARAMETERS_EXCEEDED" });
});
