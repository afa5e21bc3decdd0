import assert from "node:assert/strict";
import { exactNumbers, withExactNumbers } from "./exactNumbers.ts";

Deno.test("numbers that JavaScript cannot hold become texts, others stay", () => {
  const kept = '{"a":9007199254740991,"b":0.30000000000000004,"c":12.5,"d":"90071992547409931","e":1e+300,"f":5e-324}';
  assert.equal(withExactNumbers(kept), kept);
  assert.equal(withExactNumbers("[12.500000000000000]"), "[12.5]");
  assert.equal(
    withExactNumbers("[9007199254740993,12345678901234567890.5,-9223372036854775808]"),
    '["9007199254740993","12345678901234567890.5","-9223372036854775808"]',
  );
  assert.equal(withExactNumbers("not json 12345678901234567890"), "not json 12345678901234567890");
});

Deno.test("an answer keeps its status and its headers; one without a body stays one", async () => {
  const answer = await exactNumbers(new Response("[9007199254740993]", { status: 201, headers: { "x-a": "b" } }));
  assert.deepEqual([answer.status, answer.headers.get("x-a"), await answer.json()], [201, "b", ["9007199254740993"]]);
  assert.equal((await exactNumbers(new Response(null, { status: 204 }))).body, null);
});
