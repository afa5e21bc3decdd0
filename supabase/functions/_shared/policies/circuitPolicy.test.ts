import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import type { Circuit } from "../breaker/circuit.ts";
import { CircuitRegistry } from "../breaker/circuitRegistry.ts";
import { CallScope } from "./callScope.ts";
import { circuitPolicy } from "./circuitPolicy.ts";
import { nest } from "./nest.ts";
import { retry } from "./retry.ts";
import { HeldWork } from "./testing/heldWork.ts";
import { timeout } from "./timeout.ts";

/** A circuit whose call has a signal of its own, as long as one is read. */
function rig() {
  let made = 0;
  const own = new AbortController();
  const seen: string[] = [];
  const circuit: Pick<Circuit, "execute"> = {
    async execute(work, _fallback, options) {
      const call = {
        get signal() {
          made++;
          const outer = options?.signal;
          return outer === undefined ? own.signal : AbortSignal.any([own.signal, outer]);
        },
      };
      try {
        const result = await work(call);
        seen.push("success");
        return result;
      } catch (error) {
        seen.push("failure");
        throw error;
      }
    },
  };
  return { circuit: circuitPolicy(circuit), own, seen, made: () => made };
}

Deno.test("circuitPolicy: calls go through the circuit, which sees what came of them", async () => {
  const { circuit, seen, made } = rig();
  assert.equal(await circuit.execute(() => 7), 7);
  await assert.rejects(circuit.execute(() => Promise.reject(new Error("down"))), /down/);
  assert.deepEqual([seen, made()], [["success", "failure"], 0]);
});

Deno.test("circuitPolicy: aborts of the circuit and of its caller reach work inside of further policies", async () => {
  const clock = new FakeClock();
  for (const isCircuit of [true, false]) {
    const { circuit, own } = rig();
    const outer = new CallScope(undefined, undefined, true);
    const work = new HeldWork();
    const policy = nest([circuit, timeout({ clock })]);
    const outcome = assert.rejects(policy.execute(work.run, outer), /enough/);
    if (isCircuit) own.abort(new Error("enough"));
    else outer.abort(new Error("enough"));
    await outcome;
    assert.equal(work.running, 0);
    assert.equal(outer.listeners, 0);
  }
  await clock.advance(0);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("circuitPolicy: a circuit that hands on the call it was given costs no scope", async () => {
  const handsOn: Pick<Circuit, "execute"> = {
    execute: (work, _fallback, options) => Promise.resolve(work(options as CallScope)),
  };
  const scope = new CallScope(undefined);
  assert.equal(await circuitPolicy(handsOn).execute((call) => call === scope, scope), true);
});

Deno.test("circuitPolicy: a real circuit among policies: it sees timeouts, opens, is not tried again, and leaves nothing", async () => {
  const clock = new FakeClock();
  const circuit = new CircuitRegistry({ clock }).getBreaker("ai", { timeout: false });
  const policy = nest([retry({ maxAttempts: 3, clock }), circuitPolicy(circuit), timeout({ timeoutMs: 100, clock })]);
  const outer = new CallScope(undefined, undefined, true);
  for (let time = 0; time < 2; time++) {
    const work = new HeldWork();
    const outcome = assert.rejects(policy.execute(work.run, outer));
    await clock.advance(3_000);
    await outcome;
    assert.equal(work.running, 0);
  }
  assert.equal(circuit.state().name, "open");
  await assert.rejects(policy.execute(() => 7, outer), { name: "CircuitOpenError" });
  assert.equal(outer.listeners, 0);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("circuitPolicy: an abort further out ends a real circuit's call, and counts for nothing", async () => {
  const clock = new FakeClock();
  const circuit = new CircuitRegistry({ clock }).getBreaker("ai");
  for (let time = 0; time < 10; time++) {
    const outer = new CallScope(undefined, undefined, true);
    const work = new HeldWork();
    const outcome = assert.rejects(circuitPolicy(circuit).execute(work.run, outer), /enough/);
    outer.abort(new Error("enough"));
    await outcome;
    assert.deepEqual([work.running, outer.listeners], [0, 0]);
  }
  assert.equal(circuit.state().name, "closed");
  await clock.advance(0);
  assert.equal(clock.pendingTimers, 0);
});
