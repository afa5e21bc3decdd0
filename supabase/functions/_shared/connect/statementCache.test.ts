import assert from "node:assert/strict";
import { SqlText } from "./sqlText.ts";
import { StatementCache } from "./statementCache.ts";

Deno.test("a shape is compiled once; beyond the limit shapes are neither kept nor prepared", () => {
  const cache = new StatementCache(2);
  let compiled = 0;
  const get = (key: string) => cache.get(key, () => (compiled++, new SqlText().add(key).compile()));
  assert.equal(get("a"), get("a"));
  get("b");
  assert.equal(compiled, 2);
  assert.deepEqual([get("c").isPrepared, get("c").isPrepared, get("a").isPrepared, compiled], [false, false, true, 4]);
});
