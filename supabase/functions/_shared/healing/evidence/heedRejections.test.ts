import assert from "node:assert/strict";
import { column, pattern } from "../patterns/testing/patternFixture.ts";
import { heedRejections } from "./heedRejections.ts";
import { questionOf, shelfOf, sourceOf } from "./testing/evidenceFixture.ts";

const email = column(2, "email");
const question = questionOf([column(1, "id"), email], [{ mail: 1, "e-mail": 2 }]);
const answer = (name: string) => ({
  name,
  column: email,
  evidence: {},
  confidence: 0.99,
  alternatives: [{ column: "x" }],
});
const rejected = pattern({
  state: { kind: "rejected", decidedBy: "ann" },
  coercion: "any",
  schemaHash: "b".repeat(64),
});

Deno.test("an answer that an operator has rejected becomes a doubt, whatever the coercion and the schema", async () => {
  const source = sourceOf("matcher", false, () => [answer("mail"), answer("e-mail")]);
  assert.deepEqual(await heedRejections(source, shelfOf(rejected)).answer(question), [
    {
      name: "mail",
      isUnsure: true,
      alternatives: [{ reason: "rejected", column: "email", patternId: "p1" }, { column: "x" }],
    },
    answer("e-mail"),
  ]);
});

Deno.test("other states, other columns, doubts and certain absences pass", async () => {
  const opinions = [
    answer("mail"),
    { name: "e-mail", isUnsure: true as const, alternatives: [] },
    { name: "gone", column: undefined, evidence: {}, confidence: 1 },
  ];
  const others = [pattern(), pattern({ ...rejected, targetAttnum: 1 }), pattern({ ...rejected, key: "post" })];
  const heeding = heedRejections(sourceOf("ai", false, () => opinions), shelfOf(...others));
  assert.deepEqual(await heeding.answer(question), opinions);
  assert.deepEqual([heeding.strategy, heeding.isCertain], ["ai", false]);
});

Deno.test("patterns are not read where nothing is answered", async () => {
  const shelf = { ...shelfOf(), patternsOf: () => Promise.reject(new Error("not to be read")) };
  assert.deepEqual(await heedRejections(sourceOf("matcher", false, () => []), shelf).answer(question), []);
});
