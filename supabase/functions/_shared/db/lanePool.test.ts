import assert from "node:assert/strict";
import type { Clock } from "../time/clock.ts";
import { IdleLanes } from "./idleLanes.ts";
import { Lane } from "./lane.ts";
import { LanePool, type LanePoolOptions } from "./lanePool.ts";

function setUp(count: number, options: LanePoolOptions = {}) {
  let nowMs = 0;
  let opened = 0;
  const ended: number[] = [];
  const clock: Clock = { now: () => nowMs, monotonic: () => nowMs, setTimer: () => () => {} };
  const open = () => {
    const number = ++opened;
    return { end: () => Promise.resolve(void ended.push(number)) } as unknown as Lane["client"];
  };
  const lanes = Array.from({ length: count }, () => new Lane(open, clock, 1_000));
  return {
    pool: new LanePool(lanes, new IdleLanes(lanes, clock, 20_000), options),
    lanes,
    ended,
    opened: () => opened,
    pass: (ms: number) => void (nowMs += ms),
  };
}

const isPending = async (promise: unknown) => {
  const pending = Symbol();
  return await Promise.race([promise, Promise.resolve(pending)]) === pending;
};

Deno.test("lanePool: shared statements spread over the lanes with the fewest", () => {
  const { pool, lanes } = setUp(2);
  for (let statement = 0; statement < 4; statement++) pool.acquire("shared");
  assert.deepEqual(lanes.map(({ inFlight }) => inFlight), [2, 2]);
});

Deno.test("lanePool: behind a pooler each statement has a lane for itself, first come first served", async () => {
  const { pool, lanes } = setUp(2, { isPooled: true });
  assert.deepEqual([pool.acquire("shared"), pool.acquire("shared")], lanes);
  const waits = (["shared", "held", "shared"] as const).map((use) => Promise.resolve(pool.acquire(use)));
  assert.ok(await isPending(waits[0]));
  pool.release(lanes[1]!, "shared");
  assert.equal(await waits[0], lanes[1]);
  assert.ok(await isPending(waits[1]));
  pool.release(lanes[0]!, "shared");
  assert.equal(await waits[1], lanes[0]);
  assert.ok(await isPending(waits[2]));
  pool.release(lanes[0]!, "held");
  assert.equal(await waits[2], lanes[0]);
  assert.deepEqual(lanes.map(({ inFlight, isHeld }) => [inFlight, isHeld]), [[1, false], [1, false]]);
});

Deno.test("lanePool: a held lane is nobody else's until it is given back, first come first served", async () => {
  const { pool, lanes: [lane] } = setUp(1);
  assert.equal(pool.acquire("held"), lane);
  const order: string[] = [];
  const waits = ["shared", "held", "shared"].map((use, index) =>
    Promise.resolve(pool.acquire(use as "shared" | "held")).then((granted) => {
      order.push(`${use} ${index}`);
      return granted;
    })
  );
  assert.ok(await isPending(waits[0]));
  pool.release(lane!, "held");
  await waits[0];
  await waits[1]; // It may hold a lane with statements in flight: the driver lets them finish first.
  assert.ok(await isPending(waits[2]));
  pool.release(lane!, "shared");
  pool.release(lane!, "held");
  await waits[2];
  assert.deepEqual(order, ["shared 0", "held 1", "shared 2"]);
});

Deno.test("lanePool: whoever aborts leaves the queue, and those behind move up", async () => {
  const { pool, lanes: [lane] } = setUp(1);
  pool.acquire("held");
  const abort = new AbortController();
  const impatient = pool.acquire("held", abort.signal);
  const patient = pool.acquire("held");
  abort.abort(new Error("enough"));
  await assert.rejects(Promise.resolve(impatient), { message: "enough" });
  pool.release(lane!, "held");
  assert.equal(await patient, lane);
});

Deno.test("lanePool: an idle connection that has lived long enough is replaced, a busy one is not", () => {
  const { pool, lanes: [lane], ended, opened, pass } = setUp(1);
  pool.acquire("shared");
  void lane!.client;
  pass(2_000);
  pool.acquire("shared");
  void lane!.client;
  assert.deepEqual([opened(), ended], [1, []]);
  pool.release(lane!, "shared");
  pool.release(lane!, "shared");
  pool.acquire("held");
  void lane!.client;
  assert.deepEqual([opened(), ended], [2, [1]]);
});

Deno.test("lanePool: once retiring, a lane closes as soon as it rests, and still serves late work", () => {
  const { pool, lanes: [lane], ended, opened } = setUp(1);
  pool.acquire("shared");
  void lane!.client;
  pool.isRetiring = true;
  assert.deepEqual(ended, []);
  pool.release(lane!, "shared");
  assert.deepEqual(ended, [1]);
  pool.acquire("held");
  void lane!.client;
  assert.equal(opened(), 2);
  pool.release(lane!, "held");
  assert.deepEqual(ended, [1, 2]);
});

Deno.test("lanePool: nobody comes onto a lane that a cancel request is on its way to", async () => {
  const { pool, lanes: [lane] } = setUp(1);
  pool.acquire("shared");
  lane!.cancelling = Promise.resolve();
  const waiting = pool.acquire("shared");
  assert.ok(await isPending(waiting));
  lane!.cancelling = undefined;
  pool.release(lane!, "shared");
  assert.equal(await waiting, lane);
});

Deno.test("lanePool: a connection that broke is given to nobody, though it has not said yet that it has closed", async () => {
  const { pool, lanes: [lane], ended, opened } = setUp(1);
  assert.equal(pool.acquire("shared"), lane);
  assert.equal(pool.acquire("shared"), lane);
  const broken = lane!.client;
  lane!.spoil(broken);
  pool.release(lane!, "shared");
  const waiting = Promise.resolve(pool.acquire("shared"));
  assert.ok(await isPending(waiting), "its neighbour has not been told yet");
  pool.release(lane!, "shared");
  assert.equal(await waiting, lane);
  assert.notEqual(lane!.client, broken);
  assert.deepEqual([ended, opened()], [[1], 2]);
  lane!.spoil(broken);
  assert.ok(!lane!.isSpent, "what breaks late is not the connection that is there now");
});
