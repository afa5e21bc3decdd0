import assert from "node:assert/strict";
import { confusionOf, isRight } from "./confusionTable.ts";
import type { Fate, MutationVerdict } from "./judgeDrift.ts";

const verdict = (expectation: string, fate: Fate, isHindered = false): MutationVerdict => ({
  kind: "column renamed",
  expectation,
  fate,
  isHindered,
});

Deno.test("what should be healed is right only when it is; the rest has its own right fates", () => {
  const right = (expectation: string) =>
    (["as sent", "healed", "rescued", "dead letter", "WRONG", "LOST"] as const).filter((fate) =>
      isRight(verdict(expectation, fate))
    );
  assert.deepEqual(right("heal"), ["healed"]);
  assert.deepEqual(right("as sent"), ["as sent", "healed"]);
  assert.deepEqual(right("rescue"), ["healed", "rescued"]);
  assert.deepEqual(right("refuse"), ["rescued", "dead letter"]);
});

Deno.test("drifts are counted once, however much is wrong in them; what is hindered is no fault unless it is wrong", () => {
  const made = confusionOf([
    { mutations: [verdict("heal", "healed"), verdict("rescue", "rescued")], findings: [] },
    { mutations: [verdict("heal", "rescued"), verdict("heal", "dead letter", true)], findings: [] },
    { mutations: [verdict("heal", "WRONG", true), verdict("refuse", "WRONG", true)], findings: [] },
    { mutations: [verdict("heal", "LOST")], findings: [] },
  ]);
  const { table, ...counts } = made;
  assert.deepEqual(counts, { drifts: 4, wrong: 1, lost: 1, healable: 3, healed: 1, others: 2, othersRight: 1 });
  assert.match(table, /^right: kind of drift +all +as sent +healed +rescued +dead letter +WRONG +LOST +hindered$/m);
  assert.match(table, /^heal: column renamed +5 +1 +1 +1 +1 +1$/m);
});
