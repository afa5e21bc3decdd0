import assert from "node:assert/strict";
import type { OutcomeCounts } from "../patterns/betaPosterior.ts";
import type { HealingRule } from "./healingRule.ts";
import { isRefuted, learnRules, refuteRules, trustIn } from "./ruleTrust.ts";
import { ruleOf } from "./testing/ruleFixture.ts";
import type { RuleStore } from "./ruleStore.ts";

function rule(outcomes: Partial<OutcomeCounts>, support = 30, contradictions = 0, options: Partial<HealingRule> = {}) {
  return ruleOf("kd", "customer", {
    proof: { support, contradictions, tables: 6, keys: 5, lowerBound: 0.9, sources: [] },
    outcomes: { successes: 0, failures: 0, ...outcomes },
    ...options,
  });
}

Deno.test("the third heal that is taken back refutes a rule, however often it was right before", () => {
  for (const successes of [0, 30, 10_000]) {
    assert.equal(isRefuted(rule({ successes, failures: 2 })), false);
    assert.equal(isRefuted(rule({ successes, failures: 3 })), true);
  }
});

Deno.test("a long past with few contradictions is scaled down and not turned against the rule", () => {
  assert.ok(!isRefuted(rule({}, 500, 15)) && trustIn(rule({}, 500, 15)) > 0.85);
  assert.equal(isRefuted(rule({}, 500, 100)), true);
});

Deno.test("a whole key begins at a lower bound, and goes at the second failure", () => {
  const key = (failures: number) => rule({ failures }, 13, 0, { kind: "key" });
  assert.deepEqual([0, 1, 2].map((failures) => isRefuted(key(failures))), [false, false, true]);
});

Deno.test("outcomes are added, and those that they refute are silenced at once; one that is silent already is left", async () => {
  const silenced: string[] = [];
  const told: unknown[] = [];
  const standing = [rule({ failures: 3 }), rule({ failures: 1 }, 30, 0, { id: "fine" })];
  const store: RuleStore = {
    list: () => Promise.resolve([]),
    propose: () => Promise.resolve([]),
    retire: () => Promise.resolve(),
    behind: ({ key }) => Promise.resolve(key === "kd_total" ? [standing[0]!.id] : []),
    addOutcomes: (all) => {
      told.push(...all);
      return Promise.resolve([...standing, rule({ failures: 9 }, 30, 0, { id: "gone", state: "demoted" })]);
    },
    demote: (ids) => Promise.resolve(silenced.push(...ids)),
  };
  assert.deepEqual(await learnRules(store, []), [standing[0]!.id]);
  assert.deepEqual(silenced, [standing[0]!.id]);
  await refuteRules(store, { tableOid: 7, key: "kd_total", column: "customer_total" });
  assert.deepEqual(told, [{ ruleId: standing[0]!.id, successes: 0, failures: 1 }]);
  assert.deepEqual(await refuteRules(store, { tableOid: 7, key: "other", column: "customer_total" }), []);
  assert.equal(told.length, 1);
});
