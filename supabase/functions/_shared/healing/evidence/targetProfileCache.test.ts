import assert from "node:assert/strict";
import type { Clock } from "../../time/clock.ts";
import type { ColumnStatistics } from "../matcher/column.ts";
import { column, table } from "../patterns/testing/patternFixture.ts";
import { createTargetProfileCache } from "./targetProfileCache.ts";
import { schemaOf } from "./testing/evidenceFixture.ts";

const people = table([column(1, "email")]);
const schema = schemaOf([people]);
const emails: ReadonlyMap<number, ColumnStatistics> = new Map([[1, { sampleValues: ["a@b.org", "c@d.org"] }]]);

/** A clock whose timers fire when told. */
function manualClock(): Clock & { fire(): void; pending(): number } {
  const timers = new Set<() => void>();
  return {
    now: () => 0,
    monotonic: () => 0,
    setTimer(callback) {
      timers.add(callback);
      return () => timers.delete(callback);
    },
    fire: () => timers.forEach((callback) => (timers.delete(callback), callback())),
    pending: () => timers.size,
  };
}

const samples = (profiles: Awaited<ReturnType<ReturnType<typeof createTargetProfileCache>["profilesOf"]>>) =>
  profiles.profiles[0]!.values.profile.count;

Deno.test("a table is profiled once a schema version, at once where there are no statistics to wait for", () => {
  const cache = createTargetProfileCache();
  const first = cache.profilesOf(people, schema);
  assert.ok("profiles" in first);
  assert.equal(cache.profilesOf(people, schema), first);
  assert.notEqual(cache.profilesOf(people, schemaOf([people], { hash: "b".repeat(64) })), first);
});

Deno.test("statistics are read once for many questions, and once more after the schema has changed", async () => {
  let reads = 0;
  const read = () => (reads++, Promise.resolve(emails));
  const clock = manualClock();
  const cache = createTargetProfileCache({ statistics: { read }, clock });
  const [one, other] = await Promise.all([cache.profilesOf(people, schema), cache.profilesOf(people, schema)]);
  assert.equal(samples(one), 2);
  assert.equal(one, other);
  assert.equal(await cache.profilesOf(people, schema), one);
  assert.equal(reads, 1);
  await cache.profilesOf(people, schemaOf([people], { hash: "b".repeat(64) }));
  assert.equal(reads, 2);
  await Promise.resolve();
  assert.equal(clock.pending(), 0);
});

Deno.test("late statistics are gone without, not waited for again, and used once they are there", async () => {
  const clock = manualClock();
  const { promise, resolve } = Promise.withResolvers<typeof emails>();
  const cache = createTargetProfileCache({ statistics: { read: () => promise }, clock });
  const waiting = cache.profilesOf(people, schema);
  await Promise.resolve();
  clock.fire();
  assert.equal(samples(await waiting), 0);
  const second = cache.profilesOf(people, schema);
  assert.ok("profiles" in second);
  resolve(emails);
  await new Promise((settled) => setTimeout(settled, 0));
  assert.equal(samples(await cache.profilesOf(people, schema)), 2);
});

Deno.test("a read that fails is told, gone without, and tried again", async () => {
  const errors: unknown[] = [];
  let reads = 0;
  const failures = [() => Promise.reject(new Error("gone")), () => {
    throw new Error("at once");
  }, () => Promise.resolve(emails)];
  const cache = createTargetProfileCache({
    statistics: { read: () => failures[reads++]!() },
    onError: (error) => errors.push(error),
    clock: manualClock(),
  });
  const found = [];
  for (let asked = 0; asked < 3; asked++) found.push(samples(await cache.profilesOf(people, schema)));
  assert.deepEqual([found, errors.length], [[0, 0, 2], 2]);
});
