import assert from "node:assert/strict";
import { column } from "../patterns/testing/patternFixture.ts";
import { ruleShelfOf } from "../rules/testing/ruleFixture.ts";
import type { RuleShape } from "../rules/healingRule.ts";
import { ruleEvidence } from "./ruleEvidence.ts";
import { questionOf } from "./testing/evidenceFixture.ts";

const columns = [
  column(1, "id"),
  column(2, "customer_name"),
  column(3, "customer_age", { type: "integer", typeOid: 23 }),
  column(4, "made_by", { isGenerated: true }),
];
const kd: RuleShape = { kind: "word", from: "kd", to: "customer" };
const order: RuleShape = { kind: "order", from: "", to: "" };

async function said(row: Record<string, unknown>, ...rules: RuleShape[]) {
  const opinions = await ruleEvidence(ruleShelfOf(...rules)).answer(questionOf(columns, [row]));
  return opinions.map((opinion) => "isUnsure" in opinion ? opinion.alternatives[0] : opinion.column?.name);
}

Deno.test("a name goes to the one free column that a rule brings it to, with the rule's bound as its confidence", async () => {
  const [answer] = await ruleEvidence(ruleShelfOf(kd)).answer(questionOf(columns, [{ kdName: "x" }]));
  assert.ok(answer !== undefined && "column" in answer);
  assert.deepEqual([answer.column?.name, answer.evidence["says"]], ["customer_name", ['"kd" stands for "customer"']]);
  assert.ok(Math.abs(answer.confidence - 0.908) < 0.001, String(answer.confidence));
  assert.deepEqual(await said({ NAME_kd: "x" }, kd, order), ["customer_name"]);
  assert.deepEqual(await said({ kd_name: "x" }), []);
});

Deno.test("two columns, a column that is taken or generated, and a value that does not fit are doubts", async () => {
  const doubt = async (row: Record<string, unknown>, ...rules: RuleShape[]) =>
    (await said(row, ...rules)).map((one) => (one as { reason: string }).reason);
  const wrong: RuleShape = { kind: "word", from: "kd name", to: "customer age" };
  assert.deepEqual(await doubt({ kd_name: 5 }, kd, wrong), ["rules lead to several columns"]);
  assert.deepEqual(await doubt({ kd_name: "x", customer_name: "y" }, kd), ["the column is taken"]);
  assert.deepEqual(await doubt({ von: "x" }, { kind: "key", from: "von", to: "made by" }), ["the column is taken"]);
  assert.deepEqual(await doubt({ kd_age: "old" }, kd), ["a value does not fit"]);
  assert.deepEqual(await said({ kd_age: "42" }, kd), ["customer_age"]);
});

Deno.test("a name that is a column's but for its spelling is not a rule's to judge", async () => {
  assert.deepEqual(await said({ customerName: "x" }, kd, order), []);
});
