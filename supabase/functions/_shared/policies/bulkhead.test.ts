import assert from "node:assert/strict";
import fc from "fast-check";
import { bulkhead } from "./bulkhead.ts";
import { CallScope } from "./callScope.ts";
import { PolicyRefusal } from "./policyRefusal.ts";
import { cancelCall } from "./testing/cancelCall.ts";
import { HeldWork } from "./testing/heldWork.ts";

const turns = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

Deno.test("bulkhead: so many run, a few wait in the order they came, the next is refused", async () => {
  const policy = bulkhead({ capacity: 1, queueCapacity: 2 });
  const work = new HeldWork();
  const answers = [1, 2, 3].map(() => policy.execute(work.run));
  await assert.rejects(
    policy.execute(work.run),
    (error) => error instanceof PolicyRefusal && error.refusedBy === "bulkhead",
  );
  assert.deepEqual([policy.running, policy.waiting, work.calls.length], [1, 2, 1]);
  for (let call = 0; call < 3; call++) {
    work.calls[call]!.end(`answer ${call}`);
    assert.equal(await answers[call], `answer ${call}`);
  }
  assert.deepEqual([policy.running, policy.waiting], [0, 0]);
});

Deno.test("bulkhead: a failure gives its slot back, whether it is thrown or a rejection", async () => {
  const policy = bulkhead({ capacity: 1, queueCapacity: 0 });
  await assert.rejects(policy.execute(() => Promise.reject(new Error("later"))), /later/);
  await assert.rejects(
    policy.execute(() => {
      throw new Error("at once");
    }),
    /at once/,
  );
  assert.equal(await policy.execute(() => 7), 7);
});

Deno.test("bulkhead: who leaves the queue takes no slot, and leaves no listener", async () => {
  const policy = bulkhead({ capacity: 1, queueCapacity: 5 });
  const work = new HeldWork();
  const first = policy.execute(work.run);
  for (const cancelled of await cancelCall(policy)) {
    assert.deepEqual(cancelled, { outcome: "enough", listenersOnSignal: 0, listenersOnScope: 0 });
  }
  assert.equal(policy.waiting, 0);
  work.calls[0]!.end();
  await first;
  assert.equal(policy.running, 0);
});

Deno.test("bulkhead: an aborted call gives its slot back as soon as its work heeds the signal, not before", async () => {
  const policy = bulkhead({ capacity: 1, queueCapacity: 0 });
  const stop = new AbortController();
  const work = new HeldWork();
  const heeding = policy.execute(work.run, { signal: stop.signal });
  stop.abort(new Error("enough"));
  await assert.rejects(heeding, /enough/);
  await turns();
  assert.equal(policy.running, 0);
  const { promise, resolve } = Promise.withResolvers<void>();
  const again = new AbortController();
  const deaf = policy.execute(() => promise, { signal: again.signal });
  again.abort(new Error("enough"));
  await assert.rejects(deaf, /enough/);
  assert.equal(policy.running, 1);
  resolve();
  await turns();
  assert.equal(policy.running, 0);
});

Deno.test("bulkhead: who leaves in the very moment of their turn gives the slot back, and nothing is called", async () => {
  const policy = bulkhead({ capacity: 1, queueCapacity: 1 });
  const work = new HeldWork();
  const first = policy.execute(work.run);
  const scope = new CallScope(undefined, undefined, true);
  const outcome = assert.rejects(policy.execute(() => assert.fail("called"), scope), /enough/);
  work.calls[0]!.end();
  while (policy.waiting > 0) await Promise.resolve();
  scope.abort(new Error("enough"));
  await Promise.all([first, outcome]);
  assert.equal(policy.running, 0);
});

Deno.test("bulkhead: under any interleaving it never runs more than its capacity, and ends empty", async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constantFrom("call" as const), isAbortable: fc.boolean() }),
    fc.record({
      kind: fc.constantFrom("end" as const, "fail" as const, "abort" as const, "turn" as const),
      at: fc.nat(),
    }),
  );
  await fc.assert(fc.asyncProperty(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 0, max: 4 }),
    fc.array(step, { maxLength: 60 }),
    async (capacity, queueCapacity, steps) => {
      const policy = bulkhead({ capacity, queueCapacity });
      const work = new HeldWork();
      const stops: AbortController[] = [];
      const outcomes: Promise<unknown>[] = [];
      const open = new Set<number>();
      const pick = <Item>(items: readonly Item[], at: number) => items[at % items.length];
      let begun = 0;
      for (const one of steps) {
        if (one.kind === "call") {
          const stop = new AbortController();
          if (one.isAbortable) stops.push(stop);
          outcomes.push(policy.execute(work.run, one.isAbortable ? { signal: stop.signal } : {}).catch(() => {}));
        } else if (one.kind === "turn") await Promise.resolve();
        else if (one.kind === "abort") pick(stops, one.at)?.abort(new Error("enough"));
        else {
          const at = pick([...open], one.at);
          if (at !== undefined && open.delete(at) && !work.calls[at]!.signal.aborted) {
            if (one.kind === "end") work.calls[at]!.end();
            else work.calls[at]!.fail(new Error("failed"));
          }
        }
        for (; begun < work.calls.length; begun++) open.add(begun);
        assert.ok(work.running <= capacity && policy.running <= capacity && policy.waiting <= queueCapacity);
      }
      for (let round = 0; round < steps.length + 2; round++) {
        for (; begun < work.calls.length; begun++) open.add(begun);
        for (const at of open) if (!work.calls[at]!.signal.aborted) work.calls[at]!.end();
        open.clear();
        await turns();
        assert.ok(work.running <= capacity);
      }
      await Promise.all(outcomes);
      assert.deepEqual([policy.running, policy.waiting, work.running], [0, 0, 0]);
    },
  ));
});

Deno.test("bulkhead: options that are none are refused", () => {
  assert.throws(() => bulkhead({ capacity: 0 }), {
    message: "Cannot make a bulkhead as 'capacity' must be a whole number from 1: current value is 0",
  });
  assert.throws(() => bulkhead({ queueCapacity: -1 }), /'queueCapacity' must be a whole number from 0/);
});
