import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { seededRandom } from "../random/seededRandom.ts";
import { causedBy } from "../telemetry/causeScope.ts";
import { IsolateMonitor, type IsolateMonitorParts } from "./isolateMonitor.ts";
import type { TelemetryFrame } from "./telemetryFrame.ts";
import { sketchOf } from "./durationSketch.ts";

/** A monitor over a store that keeps what it is sent, and fails for as long as it is told to. */
function monitored(parts: Partial<IsolateMonitorParts> = {}) {
  const clock = new FakeClock();
  const writes: { at: number; frames: readonly TelemetryFrame[] }[] = [];
  const background: Promise<unknown>[] = [];
  const store = { failure: undefined as unknown };
  const monitor = new IsolateMonitor({
    store: {
      record(_sender, frames) {
        writes.push({ at: clock.monotonic(), frames });
        return store.failure === undefined ? Promise.resolve() : Promise.reject(store.failure);
      },
    },
    isolate: () => "one",
    clock,
    random: seededRandom(7),
    waitUntil: (work) => void background.push(work),
    ...parts,
  });
  const settled = () => Promise.all(background.splice(0));
  return { monitor, clock, writes, store, settled };
}

const scope = { requestId: "r1", functionName: "orders" };

Deno.test("what is measured is written with its function, its numbers and a sketch", async () => {
  const { monitor, writes } = monitored();
  causedBy(scope, () => {
    for (let duration = 1; duration <= 100; duration++) monitor.record("db.insert", duration, duration > 98);
  });
  monitor.count("cache.flags.hit");
  monitor.count("cache.flags.hit", 2);
  assert.equal(await monitor.flush(), true);
  const [frame] = writes[0]!.frames;
  const [series] = frame!.series;
  const { fn, op, n, failed, sum, squares, min, max } = series!;
  assert.deepEqual([fn, op, n, failed, sum, squares, min, max], ["orders", "db.insert", 100, 2, 5050, 338350, 1, 100]);
  assert.equal(series!.counts.reduce((one, other) => one + other), 100);
  assert.ok(Math.abs(sketchOf(series!).quantileMs(0.5) / 50.5 - 1) < 0.01 + 0.01);
  assert.deepEqual(frame!.counters, { "cache.flags.hit": 3 });
});

Deno.test("what is no duration, and no count, is left out, and the former is counted", async () => {
  const { monitor, writes } = monitored();
  for (const duration of [NaN, -1, Infinity, -Infinity, 1e10]) monitor.record("db.insert", duration);
  for (const by of [NaN, -1, 0, Infinity]) monitor.count("odd", by);
  await monitor.flush();
  const [frame] = writes[0]!.frames;
  assert.deepEqual([frame!.series, frame!.counters, frame!.slow], [[], { "monitor.refused": 5 }, []]);
});

Deno.test("an isolate writes every ten seconds at most, and not at all while nothing is recorded", async () => {
  const { monitor, clock, writes, settled } = monitored();
  for (let second = 0; second < 120; second += 0.25) {
    const at = monitor.arrived();
    await clock.advance(250);
    if (second < 60 || second >= 90) monitor.answered("orders", "POST", at, new Response());
  }
  await settled();
  const times = writes.map(({ at }) => at);
  for (const [place, at] of times.entries()) assert.ok(place === 0 || at - times[place - 1]! >= 10_000, `${times}`);
  assert.ok(times.length >= 9 && times.length <= 11, `${times}`);
  assert.ok(times[0]! < 10_000, "the first write comes at a time of the isolate's own");
  const counted = writes.flatMap(({ frames }) => frames).flatMap(({ series }) => series).map(({ n }) => n);
  const all = counted.reduce((one, other) => one + other);
  assert.ok(all > 320 && all <= 360, "all but what the next write takes has been written");
});

Deno.test("somebody who only records, outside of any request, has a write made as well", async () => {
  const { monitor, clock, writes, settled } = monitored();
  await clock.advance(10_000);
  for (let call = 0; call < 16; call++) monitor.record("job.tidy", 1);
  await settled();
  assert.equal(writes.length, 1);
});

Deno.test("what could not be written is kept, goes first the next time, with its number, and memory stays bounded", async () => {
  const { monitor, clock, writes, store, settled } = monitored();
  store.failure = new Error("away");
  for (let minute = 0; minute < 60; minute++) {
    monitor.answered("orders", "POST", monitor.arrived(), new Response());
    await clock.advance(60_000);
    await settled();
  }
  assert.ok(Math.max(...writes.map(({ frames }) => frames.length)) <= 10);
  store.failure = undefined;
  assert.equal(await monitor.flush(), true);
  assert.equal(await monitor.flush(), true);
  const first = writes.at(0)!.frames[0];
  const landed = writes.slice(-2).flatMap(({ frames }) => frames);
  assert.deepEqual(landed[0], first, "it is sent again as it was");
  assert.deepEqual(landed.map(({ sequence }) => sequence), landed.map((_, place) => place + 1));
  assert.equal(landed.flatMap(({ series }) => series).reduce((sum, { n }) => sum + n, 0), 60);
});

Deno.test("a frame that the store refuses is lost alone", async () => {
  const sent: number[] = [];
  const { monitor, clock } = monitored({
    store: {
      record(_sender, frames) {
        if (frames.some(({ series }) => series.some(({ op }) => op === "poison"))) {
          return Promise.reject(Object.assign(new Error("no"), { code: "23514" }));
        }
        sent.push(...frames.map(({ sequence }) => sequence));
        return Promise.resolve();
      },
    },
  });
  for (const operation of ["good", "poison", "good"]) {
    monitor.record(operation, 1);
    await clock.advance(60_000);
    monitor.arrived(); // Closes the minute.
  }
  assert.equal(await monitor.flush(), true);
  assert.deepEqual(sent, [1, 3]);
});

Deno.test("what belongs to one minute is not written as another's, however long the isolate slept", async () => {
  const { monitor, clock, writes } = monitored();
  const begun = clock.now();
  monitor.answered("orders", "POST", monitor.arrived(), new Response());
  await clock.advance(30 * 60_000);
  const at = monitor.arrived();
  monitor.record("db.insert", 3);
  monitor.answered("orders", "POST", at, new Response());
  await monitor.flush();
  const frames = writes.flatMap(({ frames }) => frames);
  assert.deepEqual(frames.map(({ startsAt }) => startsAt - begun), [0, 30 * 60_000]);
});

Deno.test("measurements are told apart by the trials in force when they were made", async () => {
  let trials: readonly string[] = [];
  const { monitor, writes } = monitored({ trials: () => trials });
  monitor.answered("orders", "POST", monitor.arrived(), new Response());
  trials = ["t1"];
  monitor.answered("orders", "POST", monitor.arrived(), new Response());
  await monitor.flush();
  assert.deepEqual(writes.flatMap(({ frames }) => frames).map(({ trials }) => trials), [[], ["t1"]]);
});

Deno.test("slow calls are kept with request and shape, the slowest twenty of them, and only those are asked for a shape", async () => {
  const { monitor, writes } = monitored({ slowMs: 100 });
  let asked = 0;
  const shape = () => `insert public.orders ${"x".repeat(600)} ${++asked}`;
  causedBy(scope, () => {
    monitor.called("db.insert", 100, false, shape);
    for (let duration = 101; duration <= 140; duration++) monitor.called("db.insert", duration, true, shape);
    for (let duration = 101; duration <= 120; duration++) monitor.called("db.select", duration, true, shape);
  });
  await monitor.flush();
  const { slow } = writes[0]!.frames[0]!;
  assert.deepEqual([slow.length, Math.min(...slow.map(({ ms }) => ms))], [20, 121]);
  assert.deepEqual([slow[0]!.fn, slow[0]!.request, slow[0]!.failed, slow[0]!.shape!.length], [
    "orders",
    "r1",
    true,
    500,
  ]);
  assert.equal(asked, 40);
});

Deno.test("a request is measured by its method, and five hundred and over is a failure", async () => {
  const { monitor, clock, writes } = monitored();
  for (const [method, status] of [["POST", 200], ["POST", 404], ["POST", 503], ["BREW", 405]] as const) {
    const at = monitor.arrived();
    await clock.advance(700);
    monitor.answered("orders", method, at, new Response(null, { status, headers: { "x-request-id": "r9" } }));
  }
  await monitor.flush();
  const frames = writes.flatMap(({ frames }) => frames);
  const series = frames.flatMap(({ series }) => series).map(({ op, n, failed, max }) => [op, n, failed, max]);
  assert.deepEqual(series, [["http.POST", 3, 1, 700], ["http.other", 1, 0, 700]]);
  assert.deepEqual(frames[0]!.slow.map(({ request }) => request), Array(4).fill("r9"));
});

Deno.test("timing gives what the work gives, and throws what it throws", async () => {
  const { monitor, clock, writes } = monitored();
  assert.equal(await monitor.time("price", async () => (await clock.advance(7), 3)), 3);
  await assert.rejects(monitor.time("price", () => Promise.reject(new Error("no"))), /no/);
  await assert.rejects(
    monitor.time("price", () => {
      throw new Error("at once");
    }),
    /at once/,
  );
  await monitor.flush();
  const [series] = writes[0]!.frames[0]!.series;
  assert.deepEqual([series!.n, series!.failed, series!.max], [3, 2, 7]);
});

Deno.test("a write that hangs is given up after ten seconds, and made again", async () => {
  let writes = 0;
  const { monitor, clock } = monitored({
    store: {
      record: (_sender, _frames, signal) =>
        ++writes > 1 ? Promise.resolve() : new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
        }),
    },
  });
  monitor.record("db.insert", 1);
  const flushed = monitor.flush();
  await clock.advance(10_000);
  assert.equal(await flushed, false);
  assert.equal(await monitor.flush(), true);
  assert.equal(clock.pendingTimers, 0);
});
