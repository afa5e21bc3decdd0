import assert from "node:assert/strict";
import fc from "fast-check";
import { describePayload } from "../ledger/describePayload.ts";
import { fingerprintOf } from "../ledger/payloadShape.ts";
import type { TableSnapshot } from "../../schema/snapshot.ts";
import { emptyPlan } from "../plan/shapePlan.ts";
import { keyShapeOf } from "../plan/writeCall.ts";
import type { WritePlan } from "../plan/writePlan.ts";
import { renamedShapeOf, toldText } from "./renamedShape.ts";
import { anyKey, anyValue } from "../ledger/testing/anyPayload.ts";

type Payload = Record<string, unknown>;
const table = (constraints: readonly unknown[] = [{ kind: "primary key", attnums: [1] }]) =>
  ({ oid: 7, schema: "public", name: "orders", columns: [], constraints }) as unknown as TableSnapshot;
const heal = { id: "h1", diagnosis: "unknown_column", strategy: "matcher", evidence: {}, confidence: 1 } as const;

function planOf(payload: Payload, names: ReadonlyMap<string, string>, snapshot = table()): WritePlan {
  const target = { type: "text", isNullable: true };
  const planned = new Map([...names].map(([key, column]) => [key, { column, target, isCertain: true }]));
  return {
    table: { schema: "public", name: "orders" },
    snapshot,
    schemaHash: "one",
    shapes: new Map([[keyShapeOf(payload), { ...emptyPlan, names: planned, heals: [heal] }]]),
    otherNames: new Map(),
    coercedMatch: new Map(),
    statements: undefined,
    heals: [],
  };
}

const textOfWide = (value: unknown) => typeof value === "bigint" ? String(value) : value;
const isMostly = fc.constantFrom(true, true, true, true, false);
const anyLanding = fc.array(fc.tuple(anyKey, anyValue, isMostly, anyValue), { minLength: 1, maxLength: 6 });

Deno.test("a row tells its payload exactly where its description says so, and then to the same letter", () => {
  let told = 0;
  fc.assert(
    fc.property(anyLanding, (fields) => {
      const payload: Payload = Object.fromEntries(fields.map(([key, value]) => [key, value]));
      const columns = new Map(Object.keys(payload).map((key, index) => [key, `c${index}`]));
      const landed: Payload = Object.create(null);
      for (const [key, column] of columns) {
        const [, , isKept, other] = fields.find(([name]) => name === key)!;
        landed[column] = isKept ? textOfWide(payload[key]) : other;
      }
      const renamed = renamedShapeOf(planOf(payload, columns), payload)!;
      const text = toldText(renamed, payload, landed);
      const { shape } = describePayload({ payload, mapping: columns, landed });
      const isTold = shape.parts.length === columns.size && !("toJSON" in payload) &&
        shape.parts.every((part) => !("note" in part) || ("column" in part && landed[part.column] === part.note));
      assert.equal(text !== undefined, isTold);
      if (text === undefined) return;
      told++;
      assert.equal(fingerprintOf(text), shape.fingerprint);
      const parts = shape.parts.map((part) => "column" in part && { key: part.key, column: part.column });
      assert.deepEqual(renamed.noted.parts.map(({ key, column }) => ({ key, column })), parts);
    }),
    { numRuns: 300 },
  );
  assert.ok(told > 5, String(told));
});

Deno.test("rows have records of their own where nothing is renamed and where a table has no key", () => {
  const payload = { totl: 1 };
  const names = new Map([["totl", "total"]]);
  assert.equal(renamedShapeOf(planOf(payload, new Map()), payload), undefined);
  assert.equal(renamedShapeOf(planOf(payload, names, table([])), payload), undefined);
  assert.equal(renamedShapeOf(planOf(payload, names), { other: 1 }), undefined);
  assert.equal(renamedShapeOf(planOf(payload, names), payload)?.noted.healingId, "h1");
});

Deno.test("the shape is the same one for as long as the schema is the same", () => {
  const payload = { totl: 1 };
  const plan = planOf(payload, new Map([["totl", "total"]]));
  const made = renamedShapeOf(plan, payload);
  assert.equal(renamedShapeOf({ ...plan }, payload), made);
  const later = renamedShapeOf({ ...plan, schemaHash: "two" }, payload);
  assert.equal(later?.noted.schemaVersion, "two");
  assert.equal(later?.noted.parts.length, 1);
});
