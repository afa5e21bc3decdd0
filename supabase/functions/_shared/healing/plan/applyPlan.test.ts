import assert from "node:assert/strict";
import { applyPlan } from "./applyPlan.ts";
import { emptyPlan, type ShapePlan } from "./shapePlan.ts";

const price = { type: "numeric(6,2)", isNullable: true };
const columns = [
  { name: "id", type: "integer" },
  { name: "price", type: "numeric(6,2)" },
  { name: "state", type: "text" },
  { name: "home_city", type: "text" },
  { name: "meta", type: "jsonb" },
];

const plan = (parts: Partial<ShapePlan>): ShapePlan => ({ ...emptyPlan, ...parts });
const named = (isCertain: boolean) => new Map([["prise", { column: "price", target: price, isCertain }]]);

Deno.test("keys go to their columns, and a row of names alone needs no ledger", () => {
  const payload = Object.freeze({ id: 1, prise: 2.5, gone: undefined });
  const { sent, mapping, needsLedger, refusals } = applyPlan(payload, plan({ names: named(true) }), columns);
  assert.deepEqual(sent, { id: 1, price: 2.5 });
  assert.deepEqual([...mapping], [["id", "id"], ["prise", "price"]]);
  assert.deepEqual([needsLedger, refusals], [false, []]);
});

Deno.test("a value that its column would change is set aside where the name was a guess, and refused where it was not", () => {
  const guessed = applyPlan({ id: 1, prise: 2.555 }, plan({ names: named(false) }), columns);
  assert.deepEqual([guessed.sent, [...guessed.mapping.keys()], guessed.needsLedger], [{ id: 1 }, ["id"], true]);
  assert.deepEqual(guessed.refusals, []);
  const certain = applyPlan({ id: 1, prise: 2.555 }, plan({ names: named(true) }), columns);
  assert.deepEqual(certain.refusals, [{ column: "price", reason: "would_round" }]);
});

Deno.test("what the ledger must tell is told: set aside, coerced, left to the column", () => {
  const rescued = applyPlan({ id: 1, zorp: 2 }, plan({ rescued: new Set(["zorp"]) }), columns);
  assert.deepEqual([rescued.sent, rescued.needsLedger, rescued.mapping.has("zorp")], [{ id: 1 }, true, false]);
  const coerced = plan({ coerced: new Map([["price", price]]) });
  assert.deepEqual(applyPlan({ price: "1,000.5" }, coerced, columns).sent, { price: "1000.5" });
  assert.equal(applyPlan({ price: "1,000.5" }, coerced, columns).needsLedger, true);
  assert.equal(applyPlan({ price: 5 }, coerced, columns).needsLedger, false);
  const omitted = plan({ omitted: new Map([["state", "null"]]) });
  assert.deepEqual(applyPlan({ id: 1, state: null }, omitted, columns).sent, { id: 1 });
  assert.equal(applyPlan({ id: 1, state: null }, omitted, columns).mapping.get("state"), "state");
  assert.deepEqual(applyPlan({ id: 1, state: "new" }, omitted, columns).sent, { id: 1, state: "new" });
  const generated = plan({ omitted: new Map([["state", "generated"]]) });
  assert.deepEqual(applyPlan({ id: 1, state: "new" }, generated, columns).sent, { id: 1 });
});

Deno.test("objects are laid out; one that keeps its shape in this row is set aside", () => {
  const flattened = plan({ flattened: new Set(["home"]) });
  const laidOut = applyPlan({ id: 1, home: { city: "Bern" } }, flattened, columns);
  assert.deepEqual([laidOut.sent, laidOut.mapping.get("home")], [{ id: 1, home_city: "Bern" }, "home_city"]);
  const kept = applyPlan({ id: 1, home: { town: "Bern" } }, flattened, columns);
  assert.deepEqual([kept.sent, kept.mapping.has("home"), kept.needsLedger], [{ id: 1 }, false, true]);
});

Deno.test("keys that every object inherits are keys like any other", () => {
  const payload = JSON.parse('{"__proto__":1,"constructor":2,"toString":3}');
  const { sent, mapping } = applyPlan(payload, emptyPlan, columns);
  assert.deepEqual(Object.keys(sent), ["__proto__", "constructor", "toString"]);
  assert.equal(mapping.size, 3);
});
