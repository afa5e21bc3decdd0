import assert from "node:assert/strict";
import fc from "fast-check";
import { SinkError, type SinkEvent } from "./eventSink.ts";
import { batchesOf, sendEvents } from "./sendEvents.ts";

const signal = new AbortController().signal;
const eventsOf = (count: number, filler = ""): SinkEvent[] =>
  Array.from({ length: count }, (_, n) => ({ event_id: `e${n}`, occurred_at: "2026-01-01T00:00:00Z", filler }));

Deno.test("requests hold at most 500 events and 5 MB, and all events once, in their order", () => {
  for (
    const [events, sizes] of [
      [eventsOf(0), []],
      [eventsOf(1_001), [500, 500, 1]],
      [eventsOf(7, "x".repeat(2_000_000)), [2, 2, 2, 1]],
      [eventsOf(2, "x".repeat(6_000_000)), [1, 1]],
    ] as const
  ) {
    const batches = batchesOf(events);
    assert.deepEqual(batches.map(({ length }) => length), sizes);
    assert.deepEqual(batches.flat(), events);
  }
});

Deno.test("whatever few events spoil a request, they alone are refused, and the others are taken once", () =>
  fc.assert(fc.asyncProperty(fc.uniqueArray(fc.nat(39), { maxLength: 8 }), async (bad) => {
    const taken: string[] = [];
    const spoilt = new Set(bad.map((n) => `e${n}`));
    const refused = await sendEvents(
      (events) => {
        if (events.some(({ event_id }) => spoilt.has(event_id))) {
          return Promise.reject(new SinkError("http_400", { status: 400 }));
        }
        taken.push(...events.map(({ event_id }) => event_id));
        return Promise.resolve([]);
      },
      eventsOf(40),
      signal,
    );
    assert.deepEqual(new Set(refused.map(({ event }) => event.event_id)), spoilt);
    assert.deepEqual(taken, eventsOf(40).map(({ event_id }) => event_id).filter((id) => !spoilt.has(id)));
  })));

Deno.test("a table that takes nothing is to blame itself, and an outage is no event's fault", async () => {
  let calls = 0;
  const refuse = (status: number) => () => {
    calls++;
    return Promise.reject(new SinkError(`http_${status}`, { status }));
  };
  await assert.rejects(sendEvents(refuse(400), eventsOf(10), signal), { code: "refuses_everything" });
  calls = 0;
  await assert.rejects(sendEvents(refuse(400), eventsOf(500), signal), { code: "refuses_everything" });
  assert.ok(calls <= 21, `${calls} calls`);
  await assert.rejects(sendEvents(refuse(503), eventsOf(1), signal), { code: "http_503" });
  assert.equal((await sendEvents(refuse(413), eventsOf(2), signal)).length, 2);
});
