import assert from "node:assert/strict";
import fc from "fast-check";
import { type Blame, type Inference, onFact } from "./blame.ts";
import { blameFacts } from "./blameFacts.ts";
import { findChains } from "./chain.ts";
import { explainFacts } from "./explainFacts.ts";
import { clockSkewMs, type Fact, type FactKind } from "./fact.ts";
import type { CauseNode } from "./incident.ts";
import { incidentText } from "./incidentText.ts";
import { inferences } from "./inferences/inferences.ts";
import { nightMs } from "./testing/nightFacts.ts";

const kinds: readonly FactKind[] = [
  ...["trip", "recovery", "shed", "retry", "fallback", "heal", "rescue", "dead_letter", "schema_change"] as const,
  ...["invalidation", "tune", "failure", "way_back", "override", "replay", "job_failure", "ai_call", "doubt"] as const,
];
const subjects = ["ai", "maps", "database", "public.orders", "public.stock", "ask"];
const causes = [
  ...["sqlstate:40P01", "sqlstate:40001", "sqlstate:42703", "sqlstate:57P01", "sqlstate:23502", "error:503"],
  ...[
    "circuit:ai:1",
    "circuit:maps:1",
    "schema:1",
    "schema:2",
    "heal:1",
    "isolate:i2",
    "trial:t",
    "request:r1",
    "letter:1",
  ],
];
const refs = ["circuit:ai:1", "circuit:maps:1", "schema:1", "schema:2", "heal:1", "letter:1", "trial:t"];

const fact = fc.record({
  second: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 3_600 })),
  lastsMs: fc.constantFrom(0, 0, 0, 5_000),
  kind: fc.constantFrom(...kinds),
  subject: fc.constantFrom(...subjects),
  cause: fc.option(fc.constantFrom(...causes), { nil: undefined }),
  ref: fc.option(fc.constantFrom(...refs), { nil: undefined }),
  isolate: fc.option(fc.constantFrom("i1", "i2", "i3"), { nil: undefined }),
  functionName: fc.option(fc.constantFrom("ask", "orders"), { nil: undefined }),
  requests: fc.uniqueArray(fc.constantFrom("r1", "r2", "r3", "r4"), { maxLength: 2 }),
  occurrences: fc.integer({ min: 1, max: 9 }),
  scope: fc.constantFrom("isolate", "fleet"),
  isTold: fc.boolean(),
  isDoubtful: fc.boolean(),
  isContext: fc.boolean(),
});

/** Facts as wild as they come: every kind, with causes that are there, are not, or lead in a circle. */
const wildFacts = fc.array(fact, { maxLength: 40 }).map((drafts) =>
  drafts.map((draft, place): Fact => {
    const { second, lastsMs, cause, ref, isolate, functionName, isTold, scope, isDoubtful, ...rest } = draft;
    return {
      ...rest,
      id: `${isTold ? "event" : "ledger"}:${place}`,
      atMs: nightMs + second * 1_000,
      untilMs: nightMs + second * 1_000 + lastsMs,
      requestCount: rest.requests.length,
      costMs: 1,
      detail: { scope, isDoubtful, from: "a", to: "b", names: "a, b" },
      ...(cause === undefined ? {} : { cause }),
      ...(ref === undefined ? {} : { ref }),
      ...(isolate === undefined ? {} : { isolate }),
      ...(functionName === undefined ? {} : { functionName }),
    };
  })
);

/** Printed in each title; `seed` set to it replays the run. */
const seed = Date.now() % 1_000_000;
const check = <Value>(arbitrary: fc.Arbitrary<Value>, verify: (value: Value) => void) =>
  fc.assert(fc.property(arbitrary, verify), { seed, numRuns: 300 });

const explain = (facts: readonly Fact[], atMost?: number) =>
  explainFacts({ fromMs: nightMs, toMs: nightMs + 3_700_000, facts, unread: 0 }, atMost);

/** Rules that blame anything on anything, as no rule that was meant well would. */
const wildRules = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.double({ min: 0.1, max: 1, noNaN: true })), { maxLength: 6 })
  .map((draws) =>
    draws.map(([multiplier, offset, confidence], place): Inference => ({
      rule: `rule ${place}`,
      says: "",
      infer(fact, { facts }) {
        const other = facts[(facts.indexOf(fact) * (multiplier % 7) + offset) % facts.length]!;
        return onFact(other, confidence);
      },
    }))
  );
const wildBlames = fc.tuple(wildFacts, fc.oneof(fc.constant(inferences), wildRules)).map(([facts, rules]) => ({
  facts,
  blames: blameFacts(facts, rules),
}));

Deno.test(`following the blame never leads in a circle (seed ${seed})`, () => {
  check(wildBlames, ({ facts, blames }) => {
    for (const start of facts) {
      const seen = new Set<Fact>();
      for (let at: Fact | undefined = start; at !== undefined;) {
        assert.ok(!seen.has(at), "a circle");
        seen.add(at);
        const on: Blame["on"] | undefined = blames.get(at)?.on;
        at = on !== undefined && "fact" in on ? on.fact : undefined;
      }
    }
  });
});

Deno.test(`nothing is blamed on what came later than clocks can be apart (seed ${seed})`, () => {
  check(wildBlames, ({ blames }) => {
    for (const [effect, blame] of blames) {
      if (blame === undefined || !("fact" in blame.on)) continue;
      assert.ok(blame.on.fact.atMs <= effect.untilMs + clockSkewMs, blame.rule);
    }
  });
});

Deno.test(`each fact is in exactly one chain (seed ${seed})`, () => {
  check(wildFacts, (facts) => {
    const found = findChains(blameFacts(facts)).flatMap((chain) => chain.facts);
    assert.equal(found.length, facts.length);
    assert.deepEqual(new Set(found), new Set(facts));
  });
});

Deno.test(`each event is counted exactly once, in a tree or in the remainder (seed ${seed})`, () => {
  const countOf = (node: CauseNode): number =>
    node.count + (node.more ?? 0) + node.effects.reduce((sum, effect) => sum + countOf(effect), 0);
  check(fc.tuple(wildFacts, fc.integer({ min: 0, max: 3 })), ([wild, atMost]) => {
    const facts = wild.map((fact) => ({ ...fact, isContext: false }));
    const { incidents, remainder } = explain(facts, atMost);
    const told = incidents.reduce((sum, { tree }) => sum + countOf(tree), 0);
    const total = facts.reduce((sum, { occurrences }) => sum + occurrences, 0);
    assert.equal(told + remainder.quiet + remainder.echoes + remainder.beyond, total);
  });
});

Deno.test(`the answer does not depend on the order in which facts were found (seed ${seed})`, () => {
  const shuffled = wildFacts.chain((facts) =>
    fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }))
  );
  check(shuffled, ([facts, others]) => {
    assert.deepEqual(explain(others), explain(facts));
    assert.equal(incidentText(explain(others)), incidentText(explain(facts)));
  });
});
