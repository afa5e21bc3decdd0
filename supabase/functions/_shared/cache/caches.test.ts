import assert from "node:assert/strict";
import fc from "fast-check";
import { type CacheKey, keyText } from "./cacheKey.ts";
import { defineCache } from "./cacheDefinition.ts";
import { cacheRig, someCache } from "../../../../tests/harness/cacheRig.ts";

Deno.test("what was cached for one caller is never given to another, unless it is declared to be the same for all", async () => {
  const { caches } = cacheRig();
  const own = defineCache<string>({ name: "own", ttl: 1_000 });
  const shared = defineCache<string>({ name: "shared", ttl: 1_000, sharedBecause: "the price list is public" });
  const [one, other] = [caches.scopedTo("user:1"), caches.scopedTo("user:2")];
  assert.equal(await one.of(own).get("k", () => "one's"), "one's");
  assert.equal(await other.of(own).get("k", () => "the other's"), "the other's");
  assert.equal(await caches.open(own).get("k", () => "the isolate's"), "the isolate's");
  assert.equal(await caches.scopedTo("user:1").of(own).get("k", () => "new"), "one's");
  assert.equal(await one.of(shared).get("k", () => "all's"), "all's");
  assert.equal(await other.of(shared).get("k", () => "new"), "all's");
  assert.throws(() => caches.scopedTo(""), /nothing says who it is/);
});

Deno.test("no two keys of any callers are one, whatever is in them", () => {
  const part = fc.oneof(fc.string(), fc.constantFrom("", '"', "\n", "[", "#", "\\", '"a"\n'), fc.integer());
  const key = fc.oneof(part, fc.array(fc.oneof(part, fc.boolean(), fc.constant(null))));
  const scope = fc.oneof(fc.constant(""), fc.string({ minLength: 1 }), fc.constantFrom('"', "\n", '"\n', "a\nb"));
  const full = (who: string, what: CacheKey) => (who === "" ? "" : `${JSON.stringify(who)}\n`) + keyText(what);
  const one = fc.tuple(scope, key);
  fc.assert(
    fc.property(one, one, ([who, what], [who2, what2]) => {
      const isSame = who === who2 && JSON.stringify(what) === JSON.stringify(what2);
      assert.equal(full(who, what) === full(who2, what2), isSame);
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("what makes no sense is refused", async () => {
  const { caches } = cacheRig();
  const refuse = (options: object, message: RegExp) => assert.throws(() => someCache(options), message);
  refuse({ name: "Prices" }, /its name must be short and kebab-case: current value is "Prices"/);
  refuse({ ttl: 0 }, /'ttl' must be a number from 1: current value is 0/);
  refuse({ ttl: 86_400_001 }, /nothing is cached for more than a day/);
  refuse({ sharedBecause: " " }, /'sharedBecause' gives no reason/);
  refuse({ maxEntries: 0.5 }, /'maxEntries' must be a whole number/);
  const cache = caches.open(someCache());
  await assert.rejects(cache.get("x".repeat(1_001), () => "a"), /as it may have 1000: hash what is longer/);
  await assert.rejects(cache.get("x", () => "a", { tags: [""] }), /must have 1 to 200 characters/);
  await assert.rejects(cache.get("x", () => "a", { tags: Array(17).fill("t") }), /16 tags are allowed: there are 17/);
  await assert.rejects(caches.dropTag("x".repeat(201)), /must have 1 to 200 characters/);
  assert.throws(() => caches.open(someCache()), /Cannot open the cache "things" as another one has that name/);
});
