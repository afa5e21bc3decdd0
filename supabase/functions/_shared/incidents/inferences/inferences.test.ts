import assert from "node:assert/strict";
import { blameFacts } from "../blameFacts.ts";
import type { Fact } from "../fact.ts";
import { explainFacts } from "../explainFacts.ts";
import { factAt, nightMs } from "../testing/nightFacts.ts";

/** What `fact` is blamed on among `facts`: another's id, or an origin's kind and subject. */
function blamed(fact: Fact, ...facts: Fact[]): string | undefined {
  const blame = blameFacts([fact, ...facts]).get(fact);
  if (blame === undefined) return undefined;
  return "fact" in blame.on ? blame.on.fact.id : `${blame.on.origin.kind} ${blame.on.origin.subject}`;
}

const change = (second: number, id: string, names: string, subject = "public.orders") =>
  factAt(second, "schema_change", subject, { id, detail: { names, oid: 5 } });
const letter = (second: number, code: string, detail: Fact["detail"] = {}) =>
  factAt(second, "dead_letter", "public.orders", { cause: `sqlstate:${code}`, detail });
const trip = (second: number, circuit: string, isolate?: string) =>
  factAt(second, "trip", circuit, {
    cause: "error:503",
    ...(isolate === undefined ? { detail: { scope: "fleet" } } : { isolate, detail: { scope: "isolate" } }),
  });

Deno.test("drift is blamed on the newest change of its table before it, first of all on one of the very column", () => {
  const changes = [change(10, "old", "a, b"), change(20, "new", "c"), change(40, "later", "a")];
  assert.equal(blamed(letter(30, "42703"), ...changes), "new");
  assert.equal(blamed(letter(30, "42703", { columns: "b" }), ...changes), "old");
  assert.equal(blamed(letter(30, "42703"), change(10, "other", "a", "public.stock")), "payload public.orders");
  assert.equal(blamed(letter(30, "42703", { oid: 5 }), change(10, "same", "a", "public.renamed")), "same");
});

Deno.test("what is no drift is not blamed on a change of the schema", () => {
  assert.equal(blamed(letter(30, "40P01"), change(10, "c", "a")), "contention deadlock on public.orders");
  assert.equal(blamed(letter(30, "23502"), change(10, "c", "a")), "payload public.orders");
  assert.equal(blamed(letter(30, "42501"), change(10, "c", "a")), undefined);
});

Deno.test("a call that was kept away is blamed on the trip in force for its isolate, and on no other", () => {
  const shed = factAt(30, "shed", "ai", { isolate: "i1" });
  const [first, other] = [trip(10, "ai"), trip(10, "maps")];
  assert.equal(blamed(shed, first, other), first.id);
  assert.equal(blamed(shed, first, factAt(20, "recovery", "ai", { detail: { scope: "fleet" } })), undefined);
  assert.equal(blamed(shed, trip(10, "ai", "i2")), undefined);
  assert.equal(blamed(shed, trip(200, "ai")), undefined);
});

Deno.test("a call that failed shortly before a circuit opened shares the trip's cause", () => {
  const failing = factAt(9, "fallback", "ai", { cause: "error:503", isolate: "i1" });
  assert.equal(blamed(failing, trip(10, "ai")), "dependency ai");
});

Deno.test("a trip of the fleet, or of several isolates, speaks of the dependency; one isolate's of itself", () => {
  const one = trip(10, "ai", "i1");
  const others = factAt(12, "retry", "public.t", { cause: "sqlstate:40001", isolate: "i2" });
  assert.equal(blamed(one, trip(11, "ai", "i2")), "dependency ai");
  assert.equal(blamed(one, others), "isolate i1");
  assert.equal(blamed(one), "dependency ai");
  assert.equal(blamed(one, trip(11, "maps", "i1"), others), "isolate i1");
});

Deno.test("a trip of which nothing is known but that it was, has an unknown cause", () => {
  const bare = factAt(10, "trip", "ai", { detail: { scope: "fleet" } });
  assert.equal(blamed(bare), undefined);
  const [incident] = explainFacts({ fromMs: nightMs, toMs: nightMs + 60_000, facts: [bare], unread: 0 }).incidents;
  assert.deepEqual([incident!.cause.kind, incident!.isOpen], ["unknown", true]);
});

Deno.test("conflicts close to each other are one storm, those far apart or of another table are not", () => {
  const retry = (second: number, table: string, request: string) =>
    factAt(second, "retry", table, { cause: "sqlstate:40P01", requests: [request] });
  const [a, b, c] = [retry(10, "t", "1"), retry(15, "t", "2"), retry(20, "t", "3")];
  assert.equal(blamed(a, b, c, retry(500, "t", "4"), retry(16, "u", "5")), "contention deadlock storm on t");
  assert.equal(blamed(a, b, retry(16, "u", "2")), "contention deadlock storm on t, u");
  assert.equal(blamed(retry(500, "t", "4"), a, b, c), "contention deadlock on t");
});

Deno.test("lost connections are the database's, and a doubtful isolate's are its own", () => {
  const lost = (isolate: string) => factAt(10, "retry", "public.t", { cause: "sqlstate:57P01", isolate });
  const doubt = factAt(9, "doubt", "maps", { isolate: "i9", cause: "isolate:i9" });
  assert.equal(blamed(lost("i1"), lost("i2"), doubt), "database the database could not be reached");
  assert.equal(blamed(lost("i9"), lost("i1"), doubt), "isolate i9");
  const full = factAt(10, "dead_letter", "public.t", { cause: "sqlstate:53100" });
  assert.equal(blamed(full), "database the database's disk was full");
});

Deno.test("a socket's code of a dependency says nothing of the database", () => {
  const refused = factAt(10, "fallback", "maps", { cause: "error:ECONNREFUSED" });
  assert.equal(blamed(refused), undefined);
});

Deno.test("a failed request is blamed on what went wrong in it before, and on nothing of another request", () => {
  const failure = factAt(20, "failure", "orders", { cause: "error:internal", requests: ["r1"] });
  const before = factAt(19, "dead_letter", "public.orders", { cause: "sqlstate:42501", requests: ["r1"] });
  assert.equal(blamed(failure, before, factAt(18, "shed", "ai", { requests: ["r1"] })), before.id);
  assert.equal(blamed(failure, { ...before, requests: ["r2"] }), undefined);
  assert.equal(blamed(failure, { ...before, atMs: nightMs + 21_000, untilMs: nightMs + 21_000 }), undefined);
});

Deno.test("a failure without a trace shares the cause of most of its function's failures around it", () => {
  const pair = (second: number, request: string) => [
    factAt(second, "shed", "ai", { cause: "circuit:ai:1", requests: [request] }),
    factAt(second + 0.1, "failure", "ask", { functionName: "ask", requests: [request] }),
  ];
  const down = factAt(1, "trip", "ai", { ref: "circuit:ai:1", cause: "error:503", detail: { scope: "fleet" } });
  const bare = factAt(12, "failure", "ask", { functionName: "ask", requests: ["r9"] });
  assert.notEqual(blamed(bare, down, ...pair(10, "r1"), ...pair(11, "r2"), ...pair(13, "r3")), undefined);
  assert.equal(blamed(bare, down, ...pair(10, "r1")), undefined);
  assert.equal(blamed({ ...bare, functionName: "search" }, down, ...pair(10, "r1"), ...pair(11, "r2")), undefined);
});

Deno.test("a name without a record is a cause of which no more is known", () => {
  assert.equal(blamed(factAt(10, "shed", "ai", { cause: "circuit:ai:7" })), "unrecorded circuit:ai:7");
});

Deno.test("what a person kept away is blamed on that person's word", () => {
  const word = factAt(5, "override", "ai", { detail: { to: "open", by: "key:default" } });
  assert.equal(blamed(factAt(10, "shed", "ai", { cause: "circuit:ai:override" }), word), word.id);
});

Deno.test("a limit that was met is said to have been met, not why", () => {
  assert.equal(blamed(factAt(10, "shed", "bulkhead.mail")), "limit bulkhead.mail");
  assert.equal(blamed(factAt(10, "shed", "ai", { cause: "circuit:ai:full" })), "limit capacity of ai");
});

Deno.test("money for a question about columns goes to the change that made it necessary", () => {
  const renamed = change(5, "renamed", "a");
  const call = factAt(10, "ai_call", "map-columns", {
    detail: { isAboutColumns: true, outcome: "answered", microUsd: 7 },
  });
  const heal = (strategy: string) =>
    factAt(11, "heal", "public.orders", { detail: { strategy, diagnosis: "unknown_column" } });
  assert.equal(blamed(call, renamed, heal("ai")), "renamed");
  assert.equal(blamed(call, renamed, heal("matcher")), undefined);
});
