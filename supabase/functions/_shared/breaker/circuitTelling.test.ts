import assert from "node:assert/strict";
import { circuitFleet } from "../../../../tests/harness/circuitFleet.ts";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { RecordingObserver } from "../../../../tests/harness/recordingObserver.ts";
import { causedBy, currentCause } from "../telemetry/causeScope.ts";
import type { KernelEvent } from "../telemetry/kernelEvent.ts";
import { KernelHub } from "../telemetry/kernelHub.ts";
import { seededRandom } from "../random/seededRandom.ts";
import { CircuitRegistry } from "./circuitRegistry.ts";
import { localBreaker } from "./localBreaker.ts";

const told = ({ events }: RecordingObserver, kind: KernelEvent["kind"]) =>
  events.filter((event) => event.kind === kind).map(({ subject, ref, cause, detail }) => ({
    subject,
    ...ref === undefined ? {} : { ref },
    ...cause === undefined ? {} : { cause },
    ...detail === undefined ? {} : { detail },
  }));

Deno.test("calls are told with how long they took, counted, and our own time limit is told apart", async () => {
  const observer = new RecordingObserver();
  const { isolate, clock, dependency, call } = circuitFleet({ observer, timeout: 500 });
  const circuit = isolate("maps");
  dependency.answer = () => new Promise((resolve) => clock.setTimer(() => resolve("well"), 40));
  const answered = call(circuit);
  await clock.advance(40);
  assert.equal(await answered, "well");
  dependency.isUp = false;
  await call(circuit);
  dependency.isUp = true;
  dependency.answer = () => new Promise(() => {});
  const late = call(circuit);
  await clock.advance(600);
  await late;
  assert.deepEqual(observer.calls.map(({ operation, hasFailed }) => [operation, hasFailed]), [
    ["circuit.maps", false],
    ["circuit.maps", true],
    ["circuit.maps", true],
  ]);
  assert.equal(observer.calls[0]!.durationMs, 40);
  assert.ok(observer.calls[2]!.durationMs >= 500);
  assert.deepEqual(Object.fromEntries(observer.counts), {
    "circuit.maps.calls": 3,
    "circuit.maps.failures": 2,
    "circuit.maps.timeouts": 1,
  });
});

Deno.test("an isolate alone tells why it opened, whom it turned away for it, and that it is well again", async () => {
  const observer = new RecordingObserver();
  const options = { observer, isAlone: true, resetTimeout: 1_000, rampStepMs: 100 };
  const { isolate, clock, dependency, call, callTimes } = circuitFleet(options);
  const circuit = isolate();
  dependency.answer = () => Promise.reject(Object.assign(new Error("down"), { status: 503 }));
  await callTimes(circuit, 8);
  const ref = "circuit:ai:1@isolate 1";
  assert.deepEqual(told(observer, "trip").map(({ detail: _, ...event }) => event), [
    { subject: "ai", ref, cause: "error:http_503" },
  ]);
  assert.equal(observer.events[0]!.detail!["scope"], "isolate");
  assert.deepEqual(told(observer, "shed"), Array.from({ length: 3 }, () => ({ subject: "ai", cause: ref })));
  assert.equal(observer.counts.get("circuit.ai.shed"), 3);
  assert.equal(observer.counts.get("circuit.ai.trips"), 1);
  dependency.answer = () => Promise.resolve("well");
  await clock.advance(1_000);
  await call(circuit);
  await callTimes(circuit, 10);
  assert.ok(told(observer, "shed").every(({ cause }) => cause === ref), "what follows from it is blamed on it");
  for (let step = 0; step < 4; step++) {
    await clock.advance(100);
    await call(circuit);
  }
  assert.equal(circuit.state().name, "closed");
  assert.deepEqual(told(observer, "recovery").map(({ subject, cause }) => [subject, cause]), [["ai", ref]]);
});

Deno.test("a trip of the fleet is told by whoever decided it, under the fleet's own number", async () => {
  const observer = new RecordingObserver();
  const { isolate, dependency, callTimes, store } = circuitFleet({ observer });
  dependency.isUp = false;
  const isolates = Array.from({ length: 6 }, () => isolate());
  for (const circuit of isolates) await callTimes(circuit, 4);
  assert.equal(store.phase("ai").kind, "open");
  const trips = told(observer, "trip").filter(({ detail }) => detail?.["scope"] === "fleet");
  assert.deepEqual(trips.map(({ ref, cause }) => [ref, cause]), [["circuit:ai:1", "error:Error"]]);
  const sheds = told(observer, "shed");
  assert.ok(sheds.length >= 12);
  assert.ok(sheds.slice(-12).every(({ cause }) => cause === "circuit:ai:1"));
});

Deno.test("an isolate that fails on everything tells that it is itself that it doubts", async () => {
  const observer = new RecordingObserver();
  const registry = new CircuitRegistry({ observer, isolate: () => "i1", clock: new FakeClock() });
  const circuits = ["maps", "mail"].map((name) => registry.getBreaker(name));
  for (let time = 0; time < 6; time++) {
    for (const circuit of circuits) await circuit.execute(() => Promise.reject(new Error("down"))).catch(() => {});
  }
  const trips = told(observer, "trip");
  assert.deepEqual(trips.map(({ subject, cause, detail }) => [subject, cause, detail!["isDoubtful"]]), [
    ["maps", "isolate:i1", true],
    ["mail", "isolate:i1", true],
  ]);
});

Deno.test("a fallback is blamed on the failure, or on the circuit that was open", async () => {
  const observer = new RecordingObserver();
  const { isolate, dependency } = circuitFleet({ observer, isAlone: true });
  const circuit = isolate();
  const ask = () => circuit.execute(() => dependency.answer(), () => "instead");
  dependency.answer = () => Promise.reject(Object.assign(new Error("down"), { code: "ECONNREFUSED" }));
  for (let time = 0; time < 6; time++) assert.equal(await ask(), "instead");
  const causes = told(observer, "fallback").map(({ cause }) => cause);
  assert.deepEqual(causes, [...Array.from({ length: 5 }, () => "error:ECONNREFUSED"), "circuit:ai:1@isolate 1"]);
  assert.equal(observer.counts.get("policy.calls"), 6);
  assert.equal(observer.counts.get("fallback.used"), 6);
});

Deno.test("calls that are turned away by an operator, or as all places are taken, say so", async () => {
  const observer = new RecordingObserver();
  const { isolate, call } = circuitFleet({ observer, isAlone: true, capacity: 1 });
  const circuit = isolate();
  const release = circuit.isolate("maintenance");
  await call(circuit);
  release();
  const { promise, resolve } = Promise.withResolvers<void>();
  const running = circuit.execute(() => promise);
  await call(circuit);
  resolve();
  await running;
  assert.deepEqual(told(observer, "shed").map(({ cause }) => cause), ["circuit:ai:override", "circuit:ai:full"]);
});

Deno.test("a call that our time limit ends is answered for on behalf of its own request", async () => {
  const clock = new FakeClock();
  const circuit = new CircuitRegistry({ clock }).getBreaker("ai", { timeout: 500 });
  const ask = (requestId: string) =>
    causedBy(
      { requestId, functionName: "f" },
      () => circuit.execute(() => new Promise<string>(() => {}), () => String(currentCause()?.requestId)),
    );
  const answers = [ask("one"), ask("two")];
  await clock.advance(600);
  assert.deepEqual(await Promise.all(answers), ["one", "two"]);
});

Deno.test("the database's breaker tells its trips, sheds and recoveries", async () => {
  const observer = new RecordingObserver();
  const clock = new FakeClock();
  const breaker = localBreaker({ clock, observer, isolate: () => "i1", random: seededRandom(1), failureThreshold: 2 });
  breaker.report(false);
  for (let time = 0; time < 2; time++) breaker.report(true);
  assert.equal(breaker.allows(), false);
  await clock.advance(1_000);
  assert.equal(breaker.allows(), true);
  breaker.report(true);
  await clock.advance(2_000);
  assert.equal(breaker.allows(), true);
  breaker.report(false);
  const [first, shed, second, recovery, ...more] = observer.events;
  assert.deepEqual([first?.kind, shed?.kind, second?.kind, recovery?.kind], ["trip", "shed", "trip", "recovery"]);
  assert.deepEqual(more, []);
  assert.equal(first?.ref, "circuit:database:1@i1");
  assert.equal(shed?.cause, first?.ref);
  assert.equal(recovery?.cause, second?.ref);
});

Deno.test("whoever comes to look on later is told what calls are kept away by", async () => {
  const [hub, observer] = [new KernelHub(), new RecordingObserver()];
  const { isolate, call, callTimes, dependency } = circuitFleet({ isAlone: true, observer: hub });
  const circuit = isolate();
  dependency.isUp = false;
  await callTimes(circuit, 10);
  hub.watch(observer);
  await call(circuit);
  assert.deepEqual(observer.events, [{ kind: "shed", subject: "ai", cause: "circuit:ai:1@isolate 1" }]);
});
