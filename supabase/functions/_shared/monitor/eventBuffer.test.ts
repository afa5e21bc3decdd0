import assert from "node:assert/strict";
import type { KernelEventKind } from "../telemetry/kernelEvent.ts";
import { EventBuffer } from "./eventBuffer.ts";

const scene = { at: 1, functionName: "orders", requestId: "r1" };

Deno.test("an event is kept as it was told, with when and on whose behalf", () => {
  const buffer = new EventBuffer();
  buffer.add({
    kind: "heal",
    subject: "public.orders",
    ref: "heal:7",
    cause: "sqlstate:42703",
    costMs: 12,
    detail: { strategy: "matcher" },
  }, scene);
  assert.deepEqual(buffer.events(), [{
    at: 1,
    fn: "orders",
    request: "r1",
    kind: "heal",
    subject: "public.orders",
    ref: "heal:7",
    cause: "sqlstate:42703",
    cost: 12,
    n: 1,
    detail: { strategy: "matcher" },
  }]);
});

Deno.test("a storm of one kind neither grows without bound nor crowds out the others, and no event goes uncounted", () => {
  const buffer = new EventBuffer();
  for (let time = 0; time < 100_000; time++) {
    buffer.add({ kind: "shed", subject: `s${time % 250}`, cause: "circuit:ai:1", costMs: 1 }, scene);
  }
  const quiet: KernelEventKind[] = ["trip", "recovery", "heal", "rescue", "dead_letter", "failure"];
  for (const kind of quiet) {
    for (let time = 0; time < 10; time++) buffer.add({ kind, subject: "x" }, scene);
  }
  const events = buffer.events();
  assert.ok(events.length <= 190 + 101 + 60, `${events.length}`);
  assert.equal(events.reduce((sum, { n }) => sum + n, 0), 100_060);
  assert.equal(events.reduce((sum, { cost = 0 }) => sum + cost, 0), 100_000);
  for (const kind of quiet) assert.equal(events.filter((event) => event.kind === kind && event.n === 1).length, 10);
});

Deno.test("what Postgres would refuse is put right or left out, and the event stays", () => {
  const buffer = new EventBuffer();
  buffer.add({
    kind: "failure",
    subject: `a\0b\ud800${"c".repeat(500)}`,
    cause: "nonsense" as "error:x",
    ref: "error:" as "error:x",
    costMs: NaN,
    detail: Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`k${at}`, "v".repeat(400)])),
  }, { at: 1, functionName: "f".repeat(300), requestId: "r".repeat(300) });
  const [event] = buffer.events();
  assert.deepEqual([event!.subject.length, event!.fn.length, event!.request!.length], [400, 100, 200]);
  assert.ok(!event!.subject.includes("\0") && event!.subject.isWellFormed());
  assert.deepEqual([event!.cause, event!.ref, event!.cost, event!.detail], [undefined, undefined, undefined, {
    isCut: true,
  }]);
});
