import assert from "node:assert/strict";
import { RuleReplay } from "./ruleReplay.ts";
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
  assert.deepEqual(new RuleReplay(votes, columns).replay(kd), {
    fixes: 4,
    decided: 2,
    equally: 1,
    otherwise: 1,
    repeated: 1,
  });
});

Deno.test("a rule that needs others, or leads to two columns with them, counts by what they say together", () => {
  const fld = ruleOf("fld", "", { kind: "prefix" });
  const votes = [vote("fld_kd_name", "customer_name")];
  assert.equal(new RuleReplay(votes, columns).replay(kd).decided, 0);
  assert.equal(new RuleReplay(votes, columns).replay(kd, [fld]).equally, 1);
  assert.equal(
    new RuleReplay([vote("kd_name", "customer_name")], columns).replay(kd, [ruleOf("kd name", "id")]).decided,
    0,
  );
  const order = ruleOf("", "", { kind: "order" });
  assert.equal(new RuleReplay([vote("firstName", "name_first")], columns).replay(order).equally, 1);
});
