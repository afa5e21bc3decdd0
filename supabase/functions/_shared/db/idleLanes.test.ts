import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { IdleLanes } from "./idleLanes.ts";
import { Lane } from "./lane.ts";
import { LanePool } from "./lanePool.ts";

function rig(count: number) {
  const clock = new FakeClock();
  const ended: number[] = [];
  const lanes = Array.from(
    { length: count },
    (_, index) =>
      new Lane(
        () => ({ end: () => Promise.resolve(void ended.push(index)) }) as unknown as Lane["client"],
        clock,
        1_000_000,
      ),
  );
  const idle = new IdleLanes(lanes, clock, 1_000);
  const pool = new LanePool(lanes, idle);
  /** Takes a lane, opens its connection, and returns what gives it back. */
  const take = async (use: "shared" | "held" = "held") => {
    const lane = await pool.acquire(use);
    void lane.client;
    return () => pool.release(lane, use);
  };
  return { clock, ended, idle, pool, take };
}

Deno.test("idleLanes: each connection closes when it has been idle for its time, on one timer; then none runs", async () => {
  const { clock, ended, take } = rig(2);
  const [giveFirst, giveSecond] = [await take(), await take()];
  assert.equal(clock.pendingTimers, 0);
  giveFirst();
  await clock.advance(400);
  giveSecond();
  assert.equal(clock.pendingTimers, 1);
  await clock.advance(599);
  assert.deepEqual(ended, []);
  await clock.advance(1);
  assert.deepEqual(ended, [0]);
  await clock.advance(400);
  assert.deepEqual(ended, [0, 1]);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("idleLanes: a connection in use stays open, however long", async () => {
  const { clock, ended, take } = rig(1);
  (await take("shared"))();
  const give = await take("shared");
  await clock.advance(10_000);
  assert.deepEqual(ended, []);
  give();
  await clock.advance(999);
  assert.deepEqual(ended, []);
  await clock.advance(1_000);
  assert.deepEqual(ended, [0]);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("idleLanes: once stopped no timer runs, and one that was retired closes at once", async () => {
  const { clock, ended, idle, pool, take } = rig(1);
  const give = await take();
  give();
  idle.stop();
  assert.equal(clock.pendingTimers, 0);
  const giveAgain = await take();
  pool.isRetiring = true;
  giveAgain();
  assert.deepEqual(ended, [0]);
  assert.equal(clock.pendingTimers, 0);
});
