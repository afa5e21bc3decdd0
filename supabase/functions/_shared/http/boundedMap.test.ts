import assert from "node:assert/strict";
import { BoundedMap } from "./boundedMap.ts";

Deno.test("a bounded map forgets what was not used for longest", () => {
  const map = new BoundedMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  assert.equal(map.get("a"), 1);
  map.set("c", 3);
  assert.equal(map.size, 2);
  assert.equal(map.get("b"), undefined);
  assert.equal(map.get("a"), 1);
  map.set("a", 4);
  assert.equal(map.size, 2);
  map.delete("a");
  assert.equal(map.get("a"), undefined);
});

Deno.test("a bounded map without room is refused", () => {
  assert.throws(() => new BoundedMap(0), /'maxSize' must be a positive integer: current value is 0/);
});
