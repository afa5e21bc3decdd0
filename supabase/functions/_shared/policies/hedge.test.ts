import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { hedge, type HedgeOptions } from "./hedge.ts";
import { cancelCall } from "./testing/cancelCall.ts";
import { HeldWork } from "./testing/heldWork.ts";

function rig(options: Partial<HedgeOptions> = {}) {
  const clock = new FakeClock();
  const work = new HeldWork();
  return { clock, work, policy: hedge({ isRead: true, delayMs: 80, clock, ...options }) };
}

Deno.test("hedge: there is none unless calls are said to only read", () => {
  for (const options of [undefined, {}, { isRead: false }, { isRead: 1 }]) {
    assert.throws(() => hedge(options as never), /'isRead' must be true/);
  }
  assert.throws(() => hedge({ isRead: true, maxHedges: 0 }), /'maxHedges' must be a whole number from 1/);
});

Deno.test("hedge: a quick answer is asked for once, and leaves no timer", async () => {
  const { clock, work, policy } = rig();
  const answer = policy.execute(work.run);
  await clock.advance(79);
  work.calls[0]!.end("quick");
  assert.equal(await answer, "quick");
  await clock.advance(1_000);
  assert.deepEqual([work.calls.length, clock.pendingTimers], [1, 0]);
});

Deno.test("hedge: a slow one is asked for again, the first answer counts, and the others are aborted", async () => {
  const { clock, work, policy } = rig({ maxHedges: 2 });
  const answer = policy.execute(work.run);
  await clock.advance(160);
  assert.equal(work.calls.length, 3);
  work.calls[1]!.end("second");
  assert.equal(await answer, "second");
  assert.deepEqual(work.calls.map(({ signal }) => signal.aborted), [true, false, true]);
  await clock.advance(1_000);
  assert.deepEqual([work.calls.length, work.running, clock.pendingTimers], [3, 0, 0]);
});

Deno.test("hedge: a failure before the second call surfaces at once, later ones only when all have failed", async () => {
  const early = rig();
  const outcome = assert.rejects(early.policy.execute(early.work.run), /early/);
  early.work.calls[0]!.fail(new Error("early"));
  await outcome;
  await early.clock.advance(500);
  assert.deepEqual([early.work.calls.length, early.clock.pendingTimers], [1, 0]);

  const { clock, work, policy } = rig();
  const saved = policy.execute(work.run);
  await clock.advance(80);
  work.calls[0]!.fail(new Error("first"));
  work.calls[1]!.end("saved");
  assert.equal(await saved, "saved");
  const lost = assert.rejects(policy.execute(work.run), /last/);
  await clock.advance(88);
  work.calls[2]!.fail(new Error("first"));
  work.calls[3]!.fail(new Error("last"));
  await lost;
});

Deno.test("hedge: with a budget it asks again only where that is paid for, and not once it is over", async () => {
  const payments: (boolean | Promise<boolean>)[] = [true, false, Promise.resolve(true)];
  const { promise: slowPayment, resolve: pay } = Promise.withResolvers<boolean>();
  payments.push(slowPayment);
  const { clock, work, policy } = rig({ budget: { spend: () => payments.shift()! } });
  const calls: number[] = [];
  for (let call = 0; call < 4; call++) {
    const answer = policy.execute(work.run);
    const made = work.calls.length;
    await clock.advance(88);
    calls.push(work.calls.length - made);
    work.calls.at(-1)!.end();
    await answer;
  }
  pay(true);
  await clock.advance(500);
  assert.deepEqual([calls, work.calls.length, work.running], [[1, 0, 1, 0], 6, 0]);
});

Deno.test("hedge: an abort reaches all calls at once and leaves no listener and no timer", async () => {
  const { clock, work, policy } = rig();
  const stop = new AbortController();
  const outcome = assert.rejects(policy.execute(work.run, { signal: stop.signal }), /enough/);
  await clock.advance(80);
  stop.abort(new Error("enough"));
  await outcome;
  assert.deepEqual([work.calls.length, work.running], [2, 0]);
  for (const cancelled of await cancelCall(policy)) {
    assert.deepEqual(cancelled, { outcome: "enough", listenersOnSignal: 0, listenersOnScope: 0 });
  }
  await clock.advance(0);
  assert.equal(clock.pendingTimers, 0);
});
