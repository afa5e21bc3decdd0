import assert from "node:assert/strict";
import fc from "fast-check";
import type { ServerEvent } from "../../_shared/http/eventStream.ts";
import type { Clock } from "../../_shared/time/clock.ts";
import { followChanges, leastGapMs } from "./followChanges.ts";
import type { LiveFeed, LivePage } from "./liveFeed.ts";

/** A feed in memory, and a clock whose timers run at once and take the time with them. */
function rig() {
  const told: string[] = [];
  let state: LivePage["state"] = "open";
  let forgottenAt: string | null = null;
  let now = 0;
  let purgedTo = 0;
  const waits: (() => void)[] = [];
  let isDue = false;
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    setTimer(callback, delayMs) {
      now += delayMs;
      queueMicrotask(callback);
      return () => {};
    },
  };
  let left = 0;
  const look = (after: number | undefined): LivePage => ({
    subject: "ann",
    state,
    forgottenAt,
    version: told.length,
    isStale: after !== undefined && (after < purgedTo || after > told.length),
    productIds: told.slice(after ?? told.length),
    traits: [],
  });
  const feed: LiveFeed = {
    look: (after) => Promise.resolve(look(after)),
    leave: () => Promise.resolve(void left++),
  };
  const wake = () => {
    isDue = waits.length === 0;
    waits.splice(0).forEach((one) => one());
  };
  return {
    open: (after?: number) =>
      followChanges({
        feed,
        first: look(after),
        after,
        wakerOf: () => ({
          wait: () => isDue ? Promise.resolve(void (isDue = false)) : new Promise((woken) => waits.push(woken)),
          stop: () => {},
        }),
        recommend: () => Promise.resolve(["list"]),
        clock,
        signal: new AbortController().signal,
      }),
    tell(productId: string) {
      told.push(productId);
      wake();
    },
    clock,
    now: () => now,
    left: () => left,
    decide(what: { state?: LivePage["state"]; forgottenAt?: string }) {
      state = what.state ?? state;
      forgottenAt = what.forgottenAt ?? forgottenAt;
      wake();
    },
    purge: (to: number) => void (purgedTo = to),
  };
}

const taken = async (events: AsyncGenerator<ServerEvent>) => (await events.next()).value as ServerEvent;
const products = ({ data }: ServerEvent) => (data as { productIds: string[] }).productIds;

Deno.test("a stream begins with what is recommended now, and goes on with what changes", async () => {
  const { open, tell, left } = rig();
  const events = open();
  assert.equal((await taken(events)).event, "snapshot");
  const next = taken(events);
  tell("milk");
  assert.deepEqual([(await next).event, (await next).id, products(await next)], ["update", "1", ["milk"]]);
  await events.return(undefined);
  assert.equal(left(), 1, "the stream did not say that it has ended");
});

Deno.test("however fast changes come, there are a quarter of a second between two pushes, and none is lost", async () => {
  const { open, tell, now } = rig();
  const events = open();
  await taken(events);
  const seen: string[] = [];
  let last = now();
  for (let round = 0; round < 20; round++) {
    for (let one = 0; one < 3; one++) tell(`p${round}-${one}`);
    const event = await taken(events);
    assert.ok(now() - last >= leastGapMs, `${now() - last} ms`);
    last = now();
    seen.push(...products(event));
  }
  assert.equal(new Set(seen).size, seen.length);
  assert.ok(seen.length >= 57);
});

Deno.test("whoever reconnects gets what they missed and nothing twice; from before the horizon, everything anew", async () => {
  const { open, tell, purge } = rig();
  for (const product of ["a", "b", "c"]) tell(product);
  const event = await taken(open(1));
  assert.deepEqual([event.event, event.id, products(event)], ["update", "3", ["b", "c"]]);
  purge(2);
  assert.equal((await taken(open(1))).event, "snapshot");
});

for (
  const [reason, decision] of [["opted_out", { state: "opted_out" }], ["forgotten", { forgottenAt: "now" }]] as const
) {
  Deno.test(`a stream of somebody who is ${reason} by now says so and ends`, async () => {
    const { open, decide } = rig();
    const events = open();
    await taken(events);
    const next = events.next();
    decide(decision);
    assert.deepEqual((await next).value, { event: "end", id: "0", data: { reason } });
    assert.equal((await events.next()).done, true);
  });
}

Deno.test("whatever streams break off when, who goes on from the last id is told of each product, once", () =>
  fc.assert(fc.asyncProperty(
    fc.array(fc.record({ tells: fc.nat(3), isCut: fc.boolean() }), { maxLength: 30 }),
    async (steps) => {
      const { open, tell } = rig();
      let events = open(0);
      let lastId = 0;
      let made = 0;
      const seen: string[] = [];
      for (const { tells, isCut } of steps) {
        for (let n = 0; n < tells; n++) tell(`p${made++}`);
        if (isCut) {
          await events.return(undefined);
          events = open(lastId);
        }
        if (Number(lastId) < made) {
          const event = await taken(events);
          lastId = Number(event.id);
          seen.push(...products(event));
        }
      }
      assert.deepEqual(seen, Array.from({ length: made }, (_, n) => `p${n}`));
    },
  )));
