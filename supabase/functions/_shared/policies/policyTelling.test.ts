import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { RecordingObserver } from "../../../../tests/harness/recordingObserver.ts";
import { CircuitRegistry } from "../breaker/circuitRegistry.ts";
import { seededRandom } from "../random/seededRandom.ts";
import { causedBy, currentCause } from "../telemetry/causeScope.ts";
import { bulkhead } from "./bulkhead.ts";
import { circuitPolicy } from "./circuitPolicy.ts";
import { deadline } from "./deadline.ts";
import { dependencyPipeline } from "./dependencyPipeline.ts";
import { fallback } from "./fallback.ts";
import { hedge } from "./hedge.ts";
import { pipeline } from "./pipeline.ts";
import { rateLimit } from "./rateLimit.ts";
import { retry } from "./retry.ts";
import { timeout } from "./timeout.ts";

function setUp() {
  const [observer, clock] = [new RecordingObserver(), new FakeClock()];
  return { observer, clock, random: seededRandom(1) };
}

const fails = (code: string) => () => Promise.reject(Object.assign(new Error("down"), { code }));
const never = () => new Promise<never>(() => {});

Deno.test("a retry tells what failed and what the wait cost, before each further attempt", async () => {
  const parts = setUp();
  const { observer, clock } = parts;
  const policy = retry({ ...parts, name: "catalog", maxAttempts: 3 });
  const call = policy.execute(fails("ECONNRESET")).catch(() => {});
  await clock.advance(10_000);
  await call;
  assert.deepEqual(
    observer.events.map(({ kind, subject, cause, detail }) => [kind, subject, cause, detail!["attempt"]]),
    [
      ["retry", "retry.catalog", "error:ECONNRESET", 1],
      ["retry", "retry.catalog", "error:ECONNRESET", 2],
    ],
  );
  assert.ok(observer.events.every(({ costMs, detail }) => costMs === detail!["waitMs"]));
  assert.equal(observer.counts.get("policy.retried"), 2);
});

Deno.test("whatever turns a call away tells so once, by its kind and its name", async () => {
  const parts = setUp();
  const { observer, clock } = parts;
  const narrow = bulkhead({ ...parts, name: "catalog", capacity: 1, queueCapacity: 0 });
  const running = narrow.execute(never);
  running.catch(() => {});
  await assert.rejects(narrow.execute(never));
  const polite = rateLimit({ ...parts, limit: 1 });
  await polite.execute(() => 1);
  await assert.rejects(polite.execute(() => 1));
  await assert.rejects(deadline({ ...parts, remainingMs: () => 0 }).execute(() => 1));
  for (
    const policy of [deadline({ ...parts, deadlineMs: 100 }), timeout({ ...parts, timeoutMs: 100, name: "catalog" })]
  ) {
    const late = policy.execute(never).catch(() => {});
    await clock.advance(200);
    await late;
  }
  assert.deepEqual(observer.events.map(({ kind, subject }) => [kind, subject]), [
    ["shed", "bulkhead.catalog"],
    ["shed", "rate-limit"],
    ["shed", "deadline"],
    ["shed", "deadline"],
    ["shed", "timeout.catalog"],
  ]);
  assert.equal(observer.counts.get("policy.shed"), 5);
});

Deno.test("a fallback is counted beside the calls that might have needed it, and blamed on what failed", async () => {
  const parts = setUp();
  const { observer } = parts;
  const circuit = new CircuitRegistry({ ...parts, isolate: () => "i1" }).getBreaker("maps");
  const guarded = pipeline({ fallback: fallback(() => "instead", parts), circuit: circuitPolicy(circuit) });
  assert.equal(await guarded.execute(() => "well"), "well");
  for (let time = 0; time < 6; time++) assert.equal(await guarded.execute(fails("EPIPE")), "instead");
  const told = observer.events.filter(({ kind }) => kind === "fallback");
  assert.deepEqual(told.map(({ subject, cause }) => [subject, cause]), [
    ...Array.from({ length: 4 }, () => ["fallback", "error:EPIPE"]),
    ["fallback", "circuit:maps:1@i1"],
    ["fallback", "circuit:maps:1@i1"],
  ]);
  assert.equal(observer.counts.get("policy.calls"), 7);
  assert.equal(observer.counts.get("fallback.used"), 6);

  const full = pipeline({
    fallback: fallback(() => "instead", parts),
    bulkhead: bulkhead({ ...parts, capacity: 1, queueCapacity: 0 }),
  });
  full.execute(never);
  assert.equal(await full.execute(() => "well"), "instead");
  assert.equal(observer.events.at(-1)!.cause, "error:bulkhead");
});

Deno.test("a second call is counted, and made on behalf of whom the first was made", async () => {
  const parts = setUp();
  const { observer, clock } = parts;
  const policy = hedge({ ...parts, isRead: true, delayMs: 50 });
  const seen: (string | undefined)[] = [];
  const ask = (requestId: string) =>
    causedBy({ requestId, functionName: "f" }, () =>
      policy.execute(() => {
        seen.push(currentCause()?.requestId);
        return seen.length < 3 ? never() : Promise.resolve(requestId);
      }));
  const answers = [ask("one"), ask("two")];
  await clock.advance(100);
  assert.deepEqual(await Promise.all(answers), ["one", "two"]);
  assert.deepEqual(seen, ["one", "two", "one", "two"]);
  assert.equal(observer.counts.get("policy.hedged"), 2);
});

Deno.test("time that is up is told on behalf of the request whose time it was", async () => {
  const { clock } = setUp();
  const seen: (string | undefined)[] = [];
  const observer = new RecordingObserver();
  observer.happened = () => void seen.push(currentCause()?.requestId);
  const policy = timeout({ timeoutMs: 100, clock, observer });
  const calls = ["one", "two"].map((requestId) =>
    causedBy({ requestId, functionName: "f" }, () => policy.execute(never).catch(() => {}))
  );
  await clock.advance(200);
  await Promise.all(calls);
  assert.deepEqual(seen, ["one", "two"]);
});

Deno.test("a dependency's policies tell one observer, under its name", async () => {
  const { observer, clock } = setUp();
  const options = { timeoutMs: 50, maxAttempts: 2, capacity: 1, queueCapacity: 0 };
  const catalog = dependencyPipeline("catalog", options, { observer, clock, waitUntil: () => {} });
  const calls = [never, never].map((work) => catalog.execute(work).catch(() => {}));
  await clock.advance(5_000);
  await Promise.all(calls);
  const subjects = new Set(observer.events.map(({ subject }) => subject));
  assert.deepEqual([...subjects].sort(), ["bulkhead.catalog", "timeout.catalog"]);
});
