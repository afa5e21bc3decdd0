import assert from "node:assert/strict";
import { seededRandom } from "../random/seededRandom.ts";
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

Deno.test("heavy entries push out those not used for longest, and what fits nowhere is not kept", () => {
  const evicted: string[] = [];
  const map = new BoundedMap<string, string>(10, {
    maxWeight: 10,
    weightOf: (value) => value.length,
    onEvict: (key) => evicted.push(key),
  });
  map.set("a", "1234");
  map.set("b", "1234");
  map.get("a");
  map.set("c", "123");
  assert.deepEqual([[...map.entries()].map(([key]) => key), map.weight, evicted], [["a", "c"], 7, ["b"]]);
  map.set("a", "1"); // Replaced, not evicted.
  assert.deepEqual([map.weight, evicted], [4, ["b"]]);
  map.set("c", "12345678901");
  assert.deepEqual([[...map.entries()], map.weight, evicted], [[["a", "1"]], 1, ["b", "c"]]);
  assert.equal(map.delete("a"), true);
  assert.equal(map.delete("a"), false);
  assert.equal(map.weight, 0);
});

Deno.test("it keeps the same entries as one that moves every entry it is asked for", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(seed);
    const map = new BoundedMap<string, number>(4);
    const model: [string, number][] = []; // The newest last.
    for (let step = 0; step < 300; step++) {
      const key = String(Math.floor(random.next() * 7));
      const at = model.findIndex(([known]) => known === key);
      const known = at === -1 ? undefined : model[at]![1];
      const choice = random.next();
      if (choice < 0.5) {
        assert.equal(map.get(key), known, `seed ${seed}`);
        if (known === undefined) continue;
        model.push(...model.splice(at, 1));
      } else if (choice < 0.9) {
        map.set(key, step);
        if (known !== undefined) model.splice(at, 1);
        else if (model.length === 4) model.shift();
        model.push([key, step]);
      } else {
        map.delete(key);
        if (known !== undefined) model.splice(at, 1);
      }
      assert.equal(map.size, model.length, `seed ${seed}`);
    }
  }
});
