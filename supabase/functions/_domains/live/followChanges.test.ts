import assert from "node:assert/strict";
import type { ServerEvent } from "../../_shared/http/eventStream.ts";
import type { Clock } from "../../_shared/time/clock.ts";
import { followChanges, leastGapMs } from "./followChanges.ts";
import type { LiveChange, LiveFeed, LivePage } from "./liveFeed.ts";

/** An outbox in memory, and a clock whose timers run at once and take the time with them. */
function rig() {
  const told: LiveChange[] = [];
  let state: LivePage["state"] = "open";
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
  const feed: LiveFeed = {
    look(after) {
      const isStale = after !== undefined && after < purgedTo;
      const from = after === undefined || isStale ? (told.at(-1)?.id ?? 0) : after;
      const events = told.filter(({ id }) => id > from);
      const lastId = events.at(-1)?.id ?? from;
      return Promise.resolve({ subject: "ann", state, profileVersion: told.length, lastId, isStale, events });
    },
    leave: () => Promise.resolve(void left++),
  };
  const tell = (productId: string) => {
    told.push({ id: told.length + 1, payload: { profileVersion: told.length + 1, productIds: [productId] } });
    isDue = waits.length === 0;
    waits.splice(0).forEach((wake) => wake());
  };
  const signal = new AbortController();
  const open = (after?: number) =>
    followChanges({
      feed,
      wakerOf: () => ({
        wait: () => isDue ? Promise.resolve(void (isDue = false)) : new Promise((wake) => waits.push(wake)),
        stop: () => {},
      }),
      recommend: () => Promise.resolve(["list"]),
      clock,
      signal: signal.signal,
      after,
    });
  return {
    open,
    tell,
    clock,
    now: () => now,
    left: () => left,
    end: (reason: LivePage["state"]) => {
      state = reason;
      waits.splice(0).forEach((wake) => wake());
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

Deno.test("a stream of somebody who opts out says so and ends", async () => {
  const { open, end } = rig();
  const events = open();
  await taken(events);
  const next = events.next();
  end("opted_out");
  assert.deepEqual((await next).value, { event: "end", id: "0", data: { reason: "opted_out" } });
  assert.equal((await events.next()).done, true);
});
