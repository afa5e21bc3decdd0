import assert from "node:assert/strict";
import { replayRule } from "./replayRule.ts";
import { vote } from "./testing/pastFixture.ts";
import { ruleOf } from "./testing/ruleFixture.ts";

const columns = new Map([["public.orders", ["id", "customer_name", "customer_code", "name_first"]]]);
const kd = ruleOf("kd", "customer");

Deno.test("a replay tells what a rule would have decided, equally or otherwise, and what it would have repeated", () => {
  const votes = [
    vote("kd_name", "customer_name"),
    vote("kdCode", "customer_name"),
    vote("kd_total", "customer_total"), // Its column is gone by now.
    vote("other", "id"),
    vote("kd_code", "customer_code", { isRight: false }),
    vote("kd_name", "customer_name", { isAdvised: false }),
  ];
  assert.deepEqual(replayRule(kd, votes, columns), { fixes: 4, decided: 2, equally: 1, otherwise: 1, repeated: 1 });
});

Deno.test("a rule that needs others, or leads to two columns with them, counts by what they say together", () => {
  const fld = ruleOf("fld", "", { kind: "prefix" });
  const votes = [vote("fld_kd_name", "customer_name")];
  assert.equal(replayRule(kd, votes, columns).decided, 0);
  assert.equal(replayRule(kd, votes, columns, [fld]).equally, 1);
  assert.equal(replayRule(kd, [vote("kd_name", "customer_name")], columns, [ruleOf("kd name", "id")]).decided, 0);
  const order = ruleOf("", "", { kind: "order" });
  assert.equal(replayRule(order, [vote("firstName", "name_first")], columns).equally, 1);
});
