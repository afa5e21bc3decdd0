import assert from "node:assert/strict";
import { cachedFlagReader } from "./cachedFlagReader.ts";
import type { FeatureFlag } from "./featureFlag.ts";
import { FlagCache } from "./flagCache.ts";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";

const at = "2026-11-21T09:00:00.000Z";
const flag = (settings: Partial<FeatureFlag> = {}): FeatureFlag => ({
  name: "new-checkout",
  description: "",
  isEnabled: true,
  rolloutPercent: 100,
  isPublic: false,
  allowedSubjects: [],
  deniedSubjects: [],
  version: 1,
  createdAt: at,
  updatedAt: at,
  ...settings,
});

/** A store whose answer, failure and speed the test decides, and that counts how often it is read. */
class FakeSource {
  reads = 0;
  flags: FeatureFlag[] = [flag()];
  answer: "at once" | "fail" | "never" | Promise<void> = "at once";
  async list(): Promise<FeatureFlag[]> {
    this.reads += 1;
    const { flags, answer } = this;
    if (answer === "fail") throw new Error("connection refused");
    if (answer === "never") await new Promise(() => {});
    if (answer instanceof Promise) await answer;
    return flags;
  }
}

/** A log that keeps its lines. */
class FakeLog {
  lines: string[] = [];
  warn(message: string) {
    this.lines.push(`warn ${message}`);
  }
  info(message: string) {
    this.lines.push(`info ${message}`);
  }
}

function isolate(source: FakeSource, clock: FakeClock) {
  const log = new FakeLog();
  const cache = new FlagCache(source, { clock, log });
  return { cache, log, reader: cachedFlagReader(cache, "user:1") };
}

Deno.test("a hundred readers at once make one read, and the next second one more", async () => {
  const [source, clock] = [new FakeSource(), new FakeClock()];
  const { reader } = isolate(source, clock);
  await Promise.all(Array.from({ length: 100 }, () => reader.isOn("new-checkout")));
  assert.equal(source.reads, 1);
  await clock.advance(999);
  await reader.isOn("new-checkout");
  assert.equal(source.reads, 1);
  await clock.advance(1);
  await Promise.all(Array.from({ length: 100 }, () => reader.isOn("new-checkout")));
  assert.equal(source.reads, 2);
});

Deno.test("a flag turned off is off within one second in every isolate", async () => {
  const [source, clock] = [new FakeSource(), new FakeClock()];
  const isolates = [isolate(source, clock), isolate(source, clock)];
  await isolates[0]?.reader.isOn("new-checkout");
  await clock.advance(400); // The isolates read at different moments.
  await isolates[1]?.reader.isOn("new-checkout");
  source.flags = [flag({ isEnabled: false })];
  await clock.advance(1_000);
  for (const { reader } of isolates) assert.equal(await reader.isOn("new-checkout"), false);
});

Deno.test("an unknown flag is off", async () => {
  const { reader } = isolate(new FakeSource(), new FakeClock());
  assert.equal(await reader.isOn("never-heard-of"), false);
});

Deno.test("when the store is gone the last known flags serve, it is said once, and asked once a second", async () => {
  const [source, clock] = [new FakeSource(), new FakeClock()];
  const { cache, log, reader } = isolate(source, clock);
  assert.equal((await cache.snapshot()).isStale, false);
  source.answer = "fail";
  for (let second = 0; second < 3; second++) {
    await clock.advance(1_000);
    for (let time = 0; time < 5; time++) assert.equal(await reader.isOn("new-checkout"), true);
  }
  assert.equal(source.reads, 1 + 3);
  assert.equal((await cache.snapshot()).isStale, true);
  source.answer = "at once";
  await clock.advance(1_000);
  assert.equal((await cache.snapshot()).isStale, false);
  assert.deepEqual(log.lines, ["warn Feature flags cannot be read", "info Feature flags can be read again"]);
});

Deno.test("when the store was never reached every flag is off, and the view says that it is stale", async () => {
  const source = new FakeSource();
  source.answer = "fail";
  const { cache, reader } = isolate(source, new FakeClock());
  assert.equal(await reader.isOn("new-checkout"), false);
  assert.deepEqual(await cache.snapshot(), { flags: new Map(), readAtMs: undefined, isStale: true });
});

Deno.test("a store that does not answer holds a reader up for half a second at most", async () => {
  const [source, clock] = [new FakeSource(), new FakeClock()];
  const { reader } = isolate(source, clock);
  await reader.isOn("new-checkout");
  source.answer = "never";
  await clock.advance(1_000);
  const reading = reader.isOn("new-checkout");
  let isDone = false;
  reading.then(() => isDone = true);
  await clock.advance(499);
  assert.equal(isDone, false);
  await clock.advance(1);
  assert.equal(await reading, true);
});

Deno.test("what this isolate changed is seen by its next reader, even past a read that was under way", async () => {
  const [source, clock] = [new FakeSource(), new FakeClock()];
  const { cache, reader } = isolate(source, clock);
  const slow = Promise.withResolvers<void>();
  source.answer = slow.promise;
  const before = reader.isOn("new-checkout");
  source.flags = [flag({ isEnabled: false })];
  source.answer = "at once";
  cache.expire();
  assert.equal(await reader.isOn("new-checkout"), false);
  slow.resolve();
  await before;
  assert.equal(await reader.isOn("new-checkout"), false, "the slow read undid the newer one");
});

Deno.test("a cache without an age is refused", () => {
  const [source, clock, log] = [new FakeSource(), new FakeClock(), new FakeLog()];
  assert.throws(() => new FlagCache(source, { clock, log, maxAgeMs: 0 }), /'maxAgeMs' must be positive/);
});
