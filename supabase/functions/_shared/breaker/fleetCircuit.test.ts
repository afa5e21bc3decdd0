import assert from "node:assert/strict";
import { circuitFleet } from "../../../../tests/harness/circuitFleet.ts";
import { CircuitOpenError } from "./circuitErrors.ts";
import { CircuitRegistry } from "./circuitRegistry.ts";

Deno.test("a circuit that is closed calls, and brings what the work brings", async () => {
  const { isolate, clock } = circuitFleet();
  const circuit = isolate();
  assert.equal(await circuit.execute(() => 1), 1);
  assert.equal(await circuit.execute(() => Promise.resolve("two")), "two");
  await assert.rejects(circuit.execute(() => Promise.reject(new Error("three"))), /three/);
  await assert.rejects(
    circuit.execute(() => {
      throw new Error("four");
    }),
    /four/,
  );
  await clock.advance(0);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("an isolate alone opens after its threshold, probes with one call, and comes back step by step", async () => {
  const { isolate, dependency, clock, call, callTimes } = circuitFleet({
    isAlone: true,
    resetTimeout: 1_000,
    rampStepMs: 100,
  });
  const circuit = isolate();
  dependency.isUp = false;
  await callTimes(circuit, 20);
  assert.equal(dependency.calls, 5);
  assert.deepEqual([circuit.state().name, circuit.state().decidedBy], ["open", "isolate"]);
  assert.ok(await call(circuit) instanceof CircuitOpenError);
  await clock.advance(1_000);
  dependency.isUp = true;
  let answer = (_: unknown) => {};
  dependency.answer = () => new Promise((resolve) => answer = resolve);
  const probe = call(circuit);
  await callTimes(circuit, 3);
  assert.equal(dependency.calls, 6);
  assert.equal(circuit.state().name, "half-open");
  answer("well");
  assert.equal(await probe, "well");
  dependency.answer = () => Promise.resolve("well");
  for (const share of [0.1, 0.25, 0.5]) {
    assert.equal(circuit.state().share, share);
    const before: number = dependency.calls;
    await callTimes(circuit, 200);
    assert.equal(dependency.calls - before, 200 * share);
    await clock.advance(100);
    await call(circuit);
  }
  assert.deepEqual(circuit.state(), { name: "closed", share: 1, decidedBy: "isolate" });
});

Deno.test("a failed probe opens it again, for twice as long", async () => {
  const { isolate, dependency, clock, callTimes } = circuitFleet({ isAlone: true, resetTimeout: 1_000 });
  const circuit = isolate();
  dependency.isUp = false;
  await callTimes(circuit, 5);
  for (const waitMs of [1_000, 2_000, 4_000]) {
    assert.ok(circuit.state().retryAfterMs! > waitMs * 0.75 - 1 && circuit.state().retryAfterMs! <= waitMs);
    await clock.advance(waitMs);
    const before: number = dependency.calls;
    await callTimes(circuit, 10);
    assert.equal(dependency.calls - before, 1);
  }
});

Deno.test("answers that ask for a key or for less prove that the dependency is there", async () => {
  const { isolate, dependency, call } = circuitFleet();
  const circuit = isolate();
  for (const status of [400, 401, 403, 404, 422, 429]) {
    dependency.answer = () => Promise.reject(Object.assign(new Error("refused"), { status }));
    for (let time = 0; time < 10; time++) await call(circuit);
  }
  assert.equal(circuit.state().name, "closed");
  dependency.answer = () => Promise.resolve(new Response("", { status: 503 }));
  for (let time = 0; time < 80; time++) await call(circuit);
  assert.equal(circuit.state().name, "open");
});

Deno.test("a call that takes too long is told by its signal, and counts as a failure", async () => {
  const { isolate, clock } = circuitFleet({ timeout: 1_000 });
  const circuit = isolate();
  const reasons: unknown[] = [];
  for (let time = 0; time < 5; time++) {
    const call = circuit.execute(({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reasons.push(signal.reason));
        void reject;
      })
    );
    call.catch(() => {});
    await clock.advance(1_000);
    await assert.rejects(call, { code: "ETIMEDOUT" });
  }
  assert.equal(reasons.length, 5);
  assert.equal(circuit.state().name, "open");
  assert.equal(circuit.stats().underWay, 0);
});

Deno.test("slow calls count as failures, their answers are used all the same", async () => {
  const { isolate, clock } = circuitFleet({ slowCallMs: 500 });
  const circuit = isolate();
  for (let time = 0; time < 5; time++) {
    const call = circuit.execute(() => new Promise((resolve) => clock.setTimer(() => resolve("late"), 600)));
    await clock.advance(600);
    assert.equal(await call, "late");
  }
  assert.equal(circuit.state().name, "open");
});

Deno.test("a caller who goes away says nothing of the dependency, and does not keep a probe", async () => {
  const { isolate, dependency, clock, call, callTimes } = circuitFleet({ isAlone: true, resetTimeout: 1_000 });
  const circuit = isolate();
  for (let time = 0; time < 20; time++) {
    const caller = new AbortController();
    const answer = circuit.execute(() => new Promise(() => {}), () => "fallback", { signal: caller.signal });
    caller.abort(new Error("gone"));
    await assert.rejects(answer, /gone/);
  }
  assert.equal(circuit.state().name, "closed");
  dependency.isUp = false;
  await callTimes(circuit, 20);
  await clock.advance(1_000);
  const caller = new AbortController();
  const probe = circuit.execute(() => new Promise(() => {}), undefined, { signal: caller.signal });
  assert.equal(circuit.state().name, "half-open");
  caller.abort(new Error("gone"));
  await assert.rejects(probe, /gone/);
  dependency.isUp = true;
  assert.equal(await call(circuit), "well");
  await clock.advance(0);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("no more calls than the capacity are under way, and a full house is no failure", async () => {
  const { isolate } = circuitFleet({ capacity: 2 });
  const circuit = isolate();
  const answers: ((value: string) => void)[] = [];
  const begin = () => circuit.execute(() => new Promise<string>((resolve) => answers.push(resolve)));
  const calls = [begin(), begin()];
  for (let time = 0; time < 10; time++) await assert.rejects(begin(), { code: "ESEMLOCKED" });
  answers.forEach((answer) => answer("well"));
  assert.deepEqual(await Promise.all(calls), ["well", "well"]);
  assert.equal(circuit.state().name, "closed");
  assert.equal(await circuit.execute(() => "well"), "well");
});

Deno.test("a fallback answers for every failure, and is told why", async () => {
  const { isolate, dependency, callTimes } = circuitFleet({ isAlone: true });
  const circuit = isolate();
  const instead = (error: unknown) => (error as Error).name;
  assert.equal(await circuit.execute(() => Promise.reject(new TypeError("bad")), instead), "TypeError");
  assert.equal(
    await circuit.execute<unknown>(() => new Response("", { status: 500 }), instead),
    "DependencyFailedError",
  );
  const refused = await circuit.execute<unknown>(() => new Response("", { status: 404 }), instead);
  assert.ok(refused instanceof Response);
  dependency.isUp = false;
  await callTimes(circuit, 5);
  assert.equal(await circuit.execute(() => "never", instead), "CircuitOpenError");
  await assert.rejects(circuit.execute(() => "never", () => Promise.reject(new Error("no way out"))), /no way out/);
});

Deno.test("an isolate can be kept away by hand, for itself", async () => {
  const { isolate, call } = circuitFleet();
  const [held, other] = [isolate(), isolate()];
  const release = held.isolate("under repair");
  assert.ok(await call(held) instanceof CircuitOpenError);
  assert.equal(held.state().reason, "under repair");
  assert.equal(await call(other), "well");
  release();
  assert.equal(await call(held), "well");
});

Deno.test("options that make no sense are refused by name", () => {
  const registry = new CircuitRegistry();
  assert.throws(
    () => registry.getBreaker("ai", { failureThreshold: 0 }),
    /"ai" as 'failureThreshold' must be a whole number/,
  );
  assert.throws(() => registry.getBreaker("ai", { errorThresholdPercentage: 100 }), /errorThresholdPercentage/);
  assert.throws(() => registry.getBreaker("ai", { timeout: 0 }), /timeout/);
  assert.equal(registry.all().length, 0);
});
