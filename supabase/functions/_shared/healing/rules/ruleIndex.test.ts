import assert from "node:assert/strict";
import { RuleIndex } from "./ruleIndex.ts";
import { ruleOf } from "./testing/ruleFixture.ts";
import type { HealingRule } from "./healingRule.ts";

const formsOf = (
  rules: readonly HealingRule[],
  name: string,
  table = "public.orders",
) => [...new RuleIndex(rules).formsOf(name.split(" "), table).keys()];

Deno.test("each kind of rule changes the words that it speaks of, and a name never becomes empty", () => {
  assert.deepEqual(formsOf([ruleOf("kd", "customer")], "kd name"), ["kd name", "customer name"]);
  assert.deepEqual(formsOf([ruleOf("kd nr", "account")], "my kd nr"), ["my kd nr", "my account"]);
  assert.deepEqual(formsOf([ruleOf("fld", "", { kind: "prefix" })], "fld total"), ["fld total", "total"]);
  assert.deepEqual(formsOf([ruleOf("fld", "", { kind: "prefix" })], "fld"), ["fld"]);
  assert.deepEqual(formsOf([ruleOf("v 2", "", { kind: "suffix" })], "total v 2"), ["total v 2", "total"]);
  assert.deepEqual(formsOf([ruleOf("v 2", "", { kind: "suffix" })], "v 2 total"), ["v 2 total"]);
  assert.deepEqual(formsOf([ruleOf("", "order", { kind: "prefix" })], "total"), ["total", "order total"]);
  assert.deepEqual(formsOf([ruleOf("a b", "contact", { kind: "key" })], "a b"), ["a b", "contact"]);
  assert.deepEqual(formsOf([ruleOf("a b", "contact", { kind: "key" })], "a b c"), ["a b c"]);
});

Deno.test("a rule of one table says nothing of another", () => {
  const rule = ruleOf("kd", "customer", { table: "public.orders" });
  assert.equal(formsOf([rule], "kd").length, 2);
  assert.equal(formsOf([rule], "kd", "public.people").length, 1);
});

Deno.test("rules go together, in any order, three at most and each once; whatever they are, names stay few", () => {
  const rules = [ruleOf("fld", "", { kind: "prefix" }), ruleOf("kd", "customer"), ruleOf("nr", "number")];
  assert.ok(formsOf(rules, "fld kd nr").includes("customer number"));
  const circle = [ruleOf("a", "b c"), ruleOf("b", "a a"), ruleOf("c", "a b")];
  assert.ok(formsOf(circle, "a b c").length <= 64);
  const adding = Array.from({ length: 100 }, (_, at) => ruleOf("", `w${at}`, { kind: "prefix" }));
  assert.equal(formsOf(adding, "total").length, 64);
});
