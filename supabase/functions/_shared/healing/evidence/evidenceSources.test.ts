import assert from "node:assert/strict";
import { defaultKnobs } from "../../optimizer/knobs/knobReader.ts";
import { column, pattern } from "../patterns/testing/patternFixture.ts";
import { createRuleShelf } from "../rules/ruleShelf.ts";
import { evidenceStrategies } from "./evidence.ts";
import { evidenceSources } from "./evidenceSources.ts";
import { historyOf, questionOf, shelfOf } from "./testing/evidenceFixture.ts";
import { weighEvidence } from "./weighEvidence.ts";

const columns = [column(1, "user_id"), column(2, "total", { type: "numeric" }), column(3, "email")];
const rejected = (key: string, targetAttnum: number) =>
  pattern({ key, targetAttnum, state: { kind: "rejected", decidedBy: "ann" } });

Deno.test("every kind of evidence is there, strongest first", () => {
  const claims = { claim: () => Promise.resolve(false) };
  const patterns = { propose: () => Promise.resolve([]) };
  const rules = createRuleShelf({ store: { list: () => Promise.resolve([]) }, knobs: defaultKnobs });
  const all = evidenceSources({ history: historyOf({}), shelf: shelfOf(), rules, ai: { claims, patterns } });
  assert.deepEqual(all.map(({ strategy }) => strategy), evidenceStrategies);
  assert.deepEqual(evidenceSources({ history: historyOf({}), shelf: shelfOf() }).length, 5);
});

Deno.test("a mapping that an operator has rejected is not given again by another kind of evidence", async () => {
  const question = questionOf(columns, [{ userId: 1, totl: 5, mail: 1 }]);
  const weigh = async (...patterns: Parameters<typeof shelfOf>) => {
    const { answers } = await weighEvidence(
      question,
      evidenceSources({
        history: historyOf({}),
        shelf: shelfOf(...patterns),
        mappings: { people: { mail: "email" } },
      }),
    );
    return answers.map(({ name, strategy }) => `${name} ${strategy}`);
  };
  assert.deepEqual(await weigh(), ["mail operator", "userId convention", "totl matcher"]);
  assert.deepEqual(await weigh(rejected("userId", 1), rejected("totl", 2)), ["mail operator"]);
});
