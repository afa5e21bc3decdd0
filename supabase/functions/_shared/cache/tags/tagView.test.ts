import assert from "node:assert/strict";
import { cacheRig, FakeSource, someCache } from "../../../../../tests/harness/cacheRig.ts";
import { FakeClock } from "../../../../../tests/harness/fakeClock.ts";
import { MemoryTagDatabase } from "../../../../../tests/harness/memoryTagDatabase.ts";

/** Isolates of one fleet: each has its caches, and its own source for one key under the tag `t`. */
function fleet(size: number, options: { mostDrops?: number } = {}) {
  const [database, clock] = [new MemoryTagDatabase(), new FakeClock()];
  const isolates = Array.from({ length: size }, () => {
    const rig = cacheRig({ clock, tagStore: () => database.store, ...options });
    const [cache, source] = [rig.caches.open(someCache({ ttl: 3_600_000 })), new FakeSource()];
    return { ...rig, cache, source, ask: (tag = "t") => cache.get(tag, source.load, { tags: [tag] }) };
  });
  return { database, clock, isolates };
}

Deno.test("what one isolate drops is gone there at once, and elsewhere within a second", async () => {
  const { clock, isolates: [one, other] } = fleet(2);
  await Promise.all([one!.ask(), other!.ask()]);
  await clock.advance(500);
  await one!.caches.dropTag("t");
  assert.deepEqual([await one!.ask(), await other!.ask()], ["value 2", "value 1"]);
  await clock.advance(500);
  assert.equal(await other!.ask(), "value 1"); // Its time to look: what is cached is given while it does.
  await clock.advance(0);
  assert.equal(await other!.ask(), "value 2");
  assert.equal(await one!.ask(), "value 2", "its own look dropped what it had loaded since");
  for (const { told } of [one!, other!]) {
    assert.deepEqual(told.events, [{
      kind: "invalidation",
      subject: "things",
      cause: "tag:t",
      detail: { entries: 1 },
    }]);
    assert.equal(told.counts.get("cache.things.invalidated"), 1);
  }
});

Deno.test("a drop that began early and commits late is not missed, nor one that commits between look and load", async () => {
  const { database, clock, isolates: [one] } = fleet(1);
  const late = database.begin("t");
  database.begin("other").commit(); // A later transaction, seen before.
  await one!.ask();
  await clock.advance(1_000);
  await one!.ask("u");
  late.commit();
  await clock.advance(1_051);
  assert.equal(await one!.ask(), "value 3");
  // Loaded after the drop, but stamped by the look before: doubted once, then kept.
  await one!.caches.dropTag("v");
  database.begin("w").commit();
  assert.equal(await one!.ask("w"), "value 4");
  await clock.advance(1_000);
  assert.equal(await one!.ask("w"), "value 4");
});

Deno.test("a hot cache waits for no look, looks once a second, and an idle or untagged one never does", async () => {
  const { database, clock, isolates: [one] } = fleet(1);
  await one!.ask();
  const answer = Promise.withResolvers<void>();
  await clock.advance(1_020);
  database.gate = answer.promise;
  assert.equal(await one!.ask(), "value 1"); // The look is under way.
  assert.equal(database.reads, 2);
  await clock.advance(30);
  assert.equal(await one!.ask(), "value 1");
  answer.resolve();
  await clock.advance(949);
  await one!.ask();
  assert.equal(database.reads, 2);
  await clock.advance(100_000);
  for (let times = 0; times < 100; times++) {
    await one!.caches.open(plain).get("a", () => "b");
    await clock.advance(100);
  }
  assert.equal(database.reads, 2);
});
const plain = someCache({ name: "plain" });

Deno.test("after a rest whoever asks waits for the look before anything cached is given away", async () => {
  const { database, clock, isolates: [one] } = fleet(1);
  await one!.ask();
  database.begin("t").commit();
  await clock.advance(1_051);
  assert.equal(await one!.ask(), "value 2");
});

Deno.test("while the database is gone what is cached serves until its time is up; it is said once and asked once a second", async () => {
  const { database, clock, isolates: [one] } = fleet(1);
  await one!.ask();
  database.isGone = true;
  for (let second = 0; second < 5; second++) {
    await clock.advance(2_000);
    for (let times = 0; times < 3; times++) assert.equal(await one!.ask(), "value 1");
  }
  assert.equal(database.reads, 6);
  await assert.rejects(one!.caches.dropTag("t"), /connection refused/);
  assert.equal(await one!.ask(), "value 2", "what could not be told to others is dropped here at least");
  database.isGone = false;
  database.begin("t").commit();
  await clock.advance(1_000);
  await one!.ask();
  await clock.advance(1_000);
  assert.equal(await one!.ask(), "value 3");
  assert.deepEqual(one!.lines, [
    "warn Dropped tags of caches cannot be read: what is cached serves until its time is up",
    "info Dropped tags of caches can be read again",
  ]);
});

Deno.test("an isolate that has never reached the database forgets what has tags when it first does", async () => {
  const { database, clock, isolates: [one] } = fleet(1);
  database.isGone = true;
  await one!.ask();
  database.begin("t").commit();
  database.isGone = false;
  await clock.advance(1_000);
  await one!.ask();
  await clock.advance(0);
  assert.equal(await one!.ask(), "value 2");
});

Deno.test("more drops than are read at once, or a database that was put back, take all that has tags", async () => {
  for (const what of ["drops", "putBack"] as const) {
    const { database, clock, isolates: [one] } = fleet(1, { mostDrops: 10 });
    for (let number = 0; number < 30; number++) database.begin(`early ${number}`).commit();
    await one!.ask();
    await one!.cache.get("untagged", one!.source.load);
    if (what === "drops") { for (let number = 0; number < 30; number++) database.begin(`tag ${number}`).commit(); }
    else database.putBack();
    await clock.advance(1_051);
    assert.equal(await one!.ask(), "value 3", what);
    assert.equal(await one!.cache.get("untagged", one!.source.load), "value 2");
    await clock.advance(1_051);
    assert.equal(await one!.ask(), "value 3", what);
    assert.equal(one!.told.events.length, 1);
  }
});

Deno.test("a load under way when its tag is dropped is given to those who had asked, and not kept", async () => {
  const { isolates: [one] } = fleet(1);
  const slow = Promise.withResolvers<void>();
  await one!.ask("warm"); // The first look is done.
  one!.source.gate = slow.promise;
  const before = one!.ask();
  await Promise.resolve();
  await one!.caches.dropTag("t");
  one!.source.gate = undefined;
  assert.equal(await one!.ask(), "value 3");
  slow.resolve();
  assert.equal(await before, "value 2");
  assert.equal(await one!.ask(), "value 3");
});

Deno.test("tags that the value itself tells count as those that are given", async () => {
  const { caches } = cacheRig();
  const cache = caches.open(someCache<string[]>({ tagsOf: (value) => value }));
  let loads = 0;
  const ask = () => cache.get("a", () => [`loaded ${++loads}`, "odd"], { tags: ["given"] });
  for (const tag of ["given", "odd"]) {
    await ask();
    await caches.dropTag(tag);
  }
  await ask();
  await ask();
  assert.equal(loads, 3);
});
