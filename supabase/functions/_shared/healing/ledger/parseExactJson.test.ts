import assert from "node:assert/strict";
import { exactJson } from "./exactJson.ts";
import { parseExactJson } from "./parseExactJson.ts";

Deno.test("what was written exactly is read exactly", () => {
  const written = [
    { id: 12345678901234567890n, at: -0, of: [1.5, 1e21, null, "a\u0000b"] },
    { "10": 1, "2": { deep: -9007199254740993n } },
    "\ud800",
    0.1,
  ];
  for (const value of written) assert.equal(exactJson(parseExactJson(exactJson(value))), exactJson(value));
  assert.deepEqual(parseExactJson('{"id":12345678901234567890,"n":7}'), { id: 12345678901234567890n, n: 7 });
});
