import assert from "node:assert/strict";
import { circuitFleet } from "../../../../tests/harness/circuitFleet.ts";
import { seededRandom } from "../random/seededRandom.ts";
import { CircuitOpenError } from "./circuitErrors.ts";
import { CircuitRegistry } from "./circuitRegistry.ts";

Deno.test("isolates that start one after another make as many doomed calls as it takes to be two", async () => {
  const { isolate, dependency, callTimes } = circuitFleet();
  dependency.isUp = false;
  for (let time = 0; time < 50; time++) await callTimes(isolate(), 20);
  assert.equal(dependency.calls, 6);
});

Deno.test("isolates that start all at once make hardly more doomed calls than one each", async () => {
  const { isolate, dependency, callTimes } = circuitFleet();
  dependency.isUp = false;
  await Promise.all(Array.from({ length: 50 }, () => callTimes(isolate(), 20)));
  assert.ok(dependency.calls <= 60, `${dependency.calls}`);
});

Deno.test("one isolate of the whole fleet probes, and the others see what came of it", async () => {
  const { isolate, dependency, clock, callTimes, store } = circuitFleet({ resetTimeout: 1_000, rampStepMs: 500 });
  dependency.isUp = false;
  const isolates = Array.from({ length: 20 }, () => isolate());
  for (const circuit of isolates) await callTimes(circuit, 3);
  const before = dependency.calls;
  await clock.advance(1_000);
  await Promise.all(isolates.map((circuit) => callTimes(circuit, 5)));
  assert.equal(dependency.calls - before, 1);
  assert.equal(store.phase("ai").kind, "open");
  dependency.isUp = true;
  await clock.advance(2_000);
  await Promise.all(isolates.map((circuit) => callTimes(circuit, 1)));
  assert.equal(store.phase("ai").kind, "ramping");
});

Deno.test("an isolate that fails alone keeps to itself", async () => {
  const { isolate, dependency, clock, call, callTimes, store } = circuitFleet();
  const [ill, well] = [isolate(), isolate()];
  dependency.isUp = false;
  await callTimes(ill, 20);
  assert.equal(ill.state().name, "open");
  assert.equal(ill.state().decidedBy, "isolate");
  dependency.isUp = true;
  for (let second = 0; second < 5; second++) {
    assert.equal(await call(well), "well");
    await clock.advance(1_000);
  }
  assert.equal(well.state().name, "closed");
  assert.equal(store.phase("ai").kind, "closed");
});

Deno.test("nothing is written while all is well, and read once a second", async () => {
  const { isolate, clock, call, store } = circuitFleet();
  const circuits = [isolate(), isolate()];
  for (let tick = 0; tick < 100; tick++) {
    await Promise.all(circuits.map(call));
    await clock.advance(100);
  }
  assert.deepEqual([store.calls.report, store.calls.change, store.calls.override], [0, 0, 0]);
  assert.ok(store.calls.read <= 22, `${store.calls.read}`);
});

Deno.test("a store that is lost leaves the decision to the isolate, which says so", async () => {
  const { isolate, dependency, clock, call, callTimes, store } = circuitFleet({ resetTimeout: 5_000 });
  const circuit = isolate();
  await call(circuit);
  assert.equal(circuit.state().decidedBy, "fleet");
  store.reach = () => Promise.reject(new Error("no database"));
  await clock.advance(1_000);
  dependency.isUp = false;
  await callTimes(circuit, 20);
  await clock.advance(0);
  assert.deepEqual([circuit.state().name, circuit.state().decidedBy], ["open", "isolate"]);
  const before = dependency.calls;
  await callTimes(circuit, 20);
  assert.equal(dependency.calls, before);
});

Deno.test("an answer with Retry-After keeps all isolates away for as long as it says, and is no failure", async () => {
  const { isolate, dependency, clock, call, store } = circuitFleet();
  const [one, other] = [isolate(), isolate()];
  dependency.answer = () => Promise.resolve(new Response("", { status: 429, headers: { "retry-after": "20" } }));
  const answers = await Promise.all(Array.from({ length: 10 }, () => call(one)));
  assert.ok(answers.every((answer) => answer instanceof Response));
  assert.equal(store.calls.change, 1);
  assert.ok(await call(one) instanceof CircuitOpenError);
  await clock.advance(1_000);
  assert.ok(await call(other) instanceof CircuitOpenError);
  assert.match(other.state().reason!, /left alone/);
  await clock.advance(19_001);
  dependency.answer = () => Promise.resolve("well");
  assert.equal(await call(other), "well");
  assert.equal(dependency.calls, 11);
});

Deno.test("what a person decides counts for all isolates until it is taken back", async () => {
  const { isolate, dependency, clock, call, callTimes, store } = circuitFleet();
  const circuits = [isolate(), isolate()];
  await Promise.all(circuits.map(call));
  await store.override("ai", "open", "maintenance");
  await clock.advance(1_000);
  await Promise.all(circuits.map((circuit) => callTimes(circuit, 2)));
  const before: number = dependency.calls;
  for (const circuit of circuits) {
    await callTimes(circuit, 5);
    assert.deepEqual([circuit.state().decidedBy, circuit.state().reason], ["operator", "maintenance"]);
  }
  assert.equal(dependency.calls, before);
  await store.override("ai", "closed", "it is well");
  dependency.isUp = false;
  await clock.advance(6_000);
  await callTimes(circuits[0]!, 20);
  assert.equal(dependency.calls, before + 20);
});

Deno.test("an isolate that fails everywhere has no vote", async () => {
  const { isolate, dependency, call, callTimes, store, clock } = circuitFleet();
  dependency.isUp = false;
  const registries = [1, 2, 3].map((seed) => {
    return new CircuitRegistry({ store: () => store, isolate: () => `ill ${seed}`, clock, random: seededRandom(seed) });
  });
  for (const registry of registries) {
    for (const name of ["mail", "maps", "ai"]) await callTimes(registry.getBreaker(name), 6);
  }
  assert.equal(store.phase("ai").kind, "closed");
  dependency.isUp = true;
  assert.equal(await call(isolate()), "well");
});

Deno.test("healthy isolates outvote those that fail", async () => {
  const { isolate, dependency, clock, call, callTimes, store } = circuitFleet();
  const well = Array.from({ length: 6 }, () => isolate());
  const ill = [isolate(), isolate()];
  await Promise.all(well.map((circuit) => callTimes(circuit, 5)));
  dependency.isUp = false;
  await callTimes(ill[0]!, 3);
  dependency.isUp = true;
  for (let second = 0; second < 3; second++) {
    await clock.advance(1_000);
    await Promise.all(well.map(call));
  }
  dependency.isUp = false;
  await callTimes(ill[1]!, 20);
  assert.equal(store.phase("ai").kind, "closed");
  assert.equal(ill[1]!.state().decidedBy, "isolate");
});

Deno.test("what operators tune replaces defaults, and what makes no sense is left alone", async () => {
  const { isolate, dependency, callTimes, store } = circuitFleet();
  store.tuning.set("ai", { failureThreshold: 2, timeout: 5 });
  dependency.isUp = false;
  await callTimes(isolate(), 20);
  assert.equal(dependency.calls, 2);
  store.tuning.set("mail", { failureThreshold: -1 });
  await callTimes(isolate("mail"), 20);
  assert.equal(dependency.calls, 7);
});

Deno.test("isolates that live for one call bring a circuit back as well", async () => {
  const { isolate, dependency, clock, call, callTimes, store } = circuitFleet({ resetTimeout: 1_000, rampStepMs: 500 });
  dependency.isUp = false;
  for (let time = 0; time < 3; time++) await callTimes(isolate(), 5);
  assert.equal(store.phase("ai").kind, "open");
  dependency.isUp = true;
  for (let time = 0; time < 80; time++) {
    await clock.advance(100);
    await call(isolate());
  }
  assert.equal(store.phase("ai").kind, "closed");
});

Deno.test("a store that is lost while a circuit is open does not let everybody loose on the dependency", async () => {
  const { isolate, dependency, clock, callTimes, store } = circuitFleet({ resetTimeout: 60_000 });
  const isolates = Array.from({ length: 10 }, () => isolate());
  dependency.isUp = false;
  for (const circuit of isolates) await callTimes(circuit, 3);
  await clock.advance(1_000);
  for (const circuit of isolates) await callTimes(circuit, 1);
  store.reach = () => Promise.reject(new Error("no database"));
  const before: number = dependency.calls;
  for (let second = 0; second < 20; second++) {
    await clock.advance(1_000);
    for (const circuit of isolates) await callTimes(circuit, 3);
  }
  assert.equal(dependency.calls, before);
  assert.deepEqual([isolates[9]!.state().name, isolates[9]!.state().decidedBy], ["open", "isolate"]);
});

Deno.test("a probe that is told when to come again is heeded, be the answer a failure or not", async () => {
  for (const status of [429, 503]) {
    const { isolate, dependency, clock, call, callTimes, store } = circuitFleet({ resetTimeout: 1_000 });
    dependency.isUp = false;
    for (let time = 0; time < 3; time++) await callTimes(isolate(), 5);
    assert.equal(store.phase("ai").kind, "open");
    await clock.advance(1_000);
    dependency.isUp = true;
    dependency.answer = () => Promise.resolve(new Response("", { status, headers: { "retry-after": "60" } }));
    const circuit = isolate();
    await call(circuit);
    await clock.advance(0);
    const { kind, ...phase } = store.phase("ai");
    assert.equal(kind, "open");
    assert.ok("untilMs" in phase && phase.untilMs - clock.monotonic() >= 59_000, JSON.stringify(phase));
    assert.equal("trips" in phase && phase.trips, status === 503 ? 2 : 1);
  }
});
