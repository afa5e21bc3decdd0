import assert from "node:assert/strict";
import { FakeClock } from "../../../../../tests/harness/fakeClock.ts";
import { PlanCache } from "./planCache.ts";
import { emptyPlan } from "./shapePlan.ts";
import { keyShapeOf, type WriteCall } from "./writeCall.ts";
import type { WritePlan } from "./writePlan.ts";

const table = { schema: "public", name: "orders" };
const call = (row: Record<string, unknown>): WriteCall => ({ operation: "insert", table, rows: [row] });
const heal = (id: string, from: string) =>
  ({ id, diagnosis: "unknown_column", from, to: "total", strategy: "matcher", evidence: {}, confidence: 1 }) as const;

function planFor(row: Record<string, unknown>, id: string, schemaHash = "one"): WritePlan {
  const target = { type: "integer", isNullable: true };
  const names = new Map([["totl", { column: "total", target, isCertain: false }]]);
  return {
    table,
    snapshot: undefined,
    schemaHash,
    shapes: new Map([[keyShapeOf(row), { ...emptyPlan, names, heals: [heal(id, "totl")] }]]),
    otherNames: new Map(),
    coercedMatch: new Map(),
    statements: undefined,
    heals: [],
  };
}

Deno.test("a plan is found for its table and key shape alone", () => {
  const plans = new PlanCache();
  assert.equal(plans.isEmpty, true);
  const row = { totl: 1 };
  plans.keep(call(row), planFor(row, "h1"), { isRecorded: true });
  assert.equal(plans.isEmpty, false);
  const found = plans.find(call({ totl: 9 }));
  assert.deepEqual([found?.isRecorded, found?.plan.shapes.size], [true, 1]);
  assert.equal(plans.find(call({ totl: 9, id: 1 })), undefined);
  assert.equal(plans.find({ ...call(row), table: { schema: "public", name: "other" } }), undefined);
});

Deno.test("a finding that is in no ledger yet is told", () => {
  const plans = new PlanCache();
  const row = { totl: 1 };
  plans.keep(call(row), planFor(row, "h1"), { isRecorded: false });
  assert.equal(plans.find(call(row))?.isRecorded, false);
  plans.keep(call(row), planFor(row, "h1"), { isRecorded: true });
  assert.equal(plans.find(call(row))?.isRecorded, true);
});

Deno.test("plans follow the schema: none outlives it, and none of an older one is kept", () => {
  const plans = new PlanCache();
  const row = { totl: 1 };
  plans.follow("one");
  plans.keep(call(row), planFor(row, "h1"), { isRecorded: true });
  plans.follow("one");
  assert.notEqual(plans.find(call(row)), undefined);
  plans.follow("two");
  assert.equal(plans.isEmpty, true);
  plans.keep(call(row), planFor(row, "h1", "one"), { isRecorded: true });
  assert.equal(plans.isEmpty, true);
});

Deno.test("whoever chooses the keys does not fill the memory", () => {
  const plans = new PlanCache();
  for (let n = 0; n < 400; n++) {
    const row = { totl: 1, [`k${n}`]: 1 };
    plans.keep(call(row), planFor(row, `h${n}`), { isRecorded: true });
  }
  const known = Array.from({ length: 400 }, (_, n) => plans.find(call({ totl: 1, [`k${n}`]: 1 }))).filter(Boolean);
  assert.equal(known.length, 256);
});

Deno.test("plans in use are told of now and then, with the time since", async () => {
  const clock = new FakeClock();
  const told: number[] = [];
  const plans = new PlanCache({ clock, onUse: (sinceMs) => told.push(sinceMs), everyMs: 100 });
  const row = { totl: 1 };
  await clock.advance(1_000);
  plans.find(call(row));
  plans.keep(call(row), planFor(row, "h1"), { isRecorded: true });
  plans.find(call(row));
  await clock.advance(99);
  plans.find(call(row));
  assert.deepEqual(told, []);
  await clock.advance(41);
  for (let times = 0; times < 3; times++) plans.find(call(row));
  assert.deepEqual(told, [140]);
  plans.clear();
  await clock.advance(500);
  plans.find(call(row));
  assert.deepEqual(told, [140]);
});
