import assert from "node:assert/strict";
import { explainFacts } from "./explainFacts.ts";
import type { Fact } from "./fact.ts";
import { factAt, gatewayDown, nightMs, poisonedIsolate, renamedColumn, wholeNight } from "./testing/nightFacts.ts";

const explain = (facts: readonly Fact[], atMost?: number) =>
  explainFacts({ fromMs: nightMs, toMs: nightMs + 3_600_000, facts, unread: 0 }, atMost);

Deno.test("a night with four causes has four incidents, and a failure that nothing explains is said to be unexplained", () => {
  const { incidents } = explain(wholeNight());
  const causes = incidents.map(({ cause }) => `${cause.kind} ${cause.subject}`);
  assert.deepEqual(causes.toSorted(), [
    "contention deadlock storm on public.bookings, public.stock",
    "dependency ai",
    "isolate iso-9",
    "schema_change public.orders",
    "unknown failure of search",
  ]);
  const unknown = incidents.find(({ cause }) => cause.kind === "unknown")!;
  assert.deepEqual([unknown.cause.confidence, unknown.healedBy, unknown.tree.effects.length], [0, [], 1]);
});

Deno.test("causes do not mix: each incident has only its own requests, costs and remedies", () => {
  const { incidents } = explain(wholeNight());
  const of = (kind: string) => incidents.find(({ cause }) => cause.kind === kind)!;
  const told = (kind: string) => of(kind).healedBy.map(({ by, subject, count }) => `${by} ${subject} ${count}`);
  assert.deepEqual(told("schema_change"), ["heal public.orders 4", "replay public.orders 1"]);
  assert.deepEqual(told("dependency"), ["fallback ai 3", "recovery ai 1"]);
  assert.deepEqual(told("contention"), ["retry public.bookings, public.stock 4"]);
  assert.deepEqual(told("isolate").slice(0, 1), ["containment iso-9 2"]);
  const requests = incidents.flatMap(({ touched }) => touched.exampleRequests);
  assert.equal(new Set(requests).size, requests.length);
  assert.equal(of("dependency").healedBy[1]!.tookMs, 603_000);
  assert.deepEqual([of("contention").cost.waitedMs, of("contention").cost.failures], [240, 1]);
  assert.deepEqual([of("dependency").cost.sheds, of("dependency").cost.fallbacks], [3, 3]);
});

Deno.test("the worst comes first: what is lost before what was answered otherwise", () => {
  const lost = factAt(100, "dead_letter", "public.lost", { cause: "sqlstate:99999", detail: { isOpen: true } });
  const [first] = explain([...gatewayDown(), lost]).incidents;
  assert.equal(first!.stillOpen[0]!.subject, "public.lost");
  assert.equal(first!.isOpen, true);
});

Deno.test("a circuit that has not closed again, and an isolate that has not recovered, are open", () => {
  const down = gatewayDown().filter(({ kind }) => kind !== "recovery");
  assert.deepEqual(explain(down).incidents[0]!.stillOpen, [{ what: "circuit", subject: "ai", count: 1 }]);
  const ill = explainFacts({ fromMs: nightMs, toMs: nightMs + 3_010_000, facts: poisonedIsolate(), unread: 0 });
  assert.deepEqual(ill.incidents[0]!.stillOpen, [{ what: "isolate", subject: "iso-9", count: 1 }]);
});

Deno.test("a change of the schema that hurt nobody is no incident, and is counted", () => {
  const { incidents, remainder } = explain(renamedColumn().slice(0, 1));
  assert.deepEqual([incidents, remainder.quiet], [[], 1]);
});

Deno.test("what there is no room for is counted", () => {
  const { incidents, remainder } = explain(wholeNight(), 1);
  assert.equal(incidents.length, 1);
  const total = explain(wholeNight(), 20);
  assert.equal(total.remainder.beyond, 0);
  assert.ok(remainder.beyond > 20, `${remainder.beyond}`);
});

Deno.test("causes that are there only to explain make no incident of their own", () => {
  const context = gatewayDown().map((fact) => ({ ...fact, isContext: true }));
  assert.deepEqual(explain([...context, ...renamedColumn()]).incidents.length, 1);
});

Deno.test("a request's shed is explained by a trip that was read only for that", () => {
  const facts = gatewayDown().map((fact) => fact.requests.includes("ask-1") ? fact : { ...fact, isContext: true });
  const [incident] = explain(facts).incidents;
  assert.deepEqual([incident!.cause.kind, incident!.cost.sheds, incident!.cost.failures], ["dependency", 1, 0]);
});
