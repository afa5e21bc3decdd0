import assert from "node:assert/strict";
import type { TableSnapshot } from "../../schema/snapshot.ts";
import { fingerprintOf } from "../ledger/payloadShape.ts";
import { rowKeyText } from "../ledger/rowKeyText.ts";
import { emptyPlan } from "../plan/shapePlan.ts";
import { keyShapeOf } from "../plan/writeCall.ts";
import type { WritePlan } from "../plan/writePlan.ts";
import { noteTold } from "./noteRows.ts";
import { renamedShapeOf } from "./renamedShape.ts";

function planOf(keyColumns: readonly string[]): WritePlan {
  const columns = [...keyColumns, "total"].map((name, at) => ({ name, attnum: at + 1 }));
  const constraints = [{ kind: "primary key", attnums: keyColumns.map((_, at) => at + 1) }];
  const snapshot = { oid: 7, schema: "public", name: "orders", columns, constraints } as unknown as TableSnapshot;
  const names = new Map([["totl", { column: "total", target: { type: "text", isNullable: true }, isCertain: true }]]);
  const heal = { id: "h1", diagnosis: "unknown_column", strategy: "matcher", evidence: {}, confidence: 1 } as const;
  return {
    table: { schema: "public", name: "orders" },
    snapshot,
    schemaHash: "one",
    shapes: new Map([[keyShapeOf({ totl: "x" }), { ...emptyPlan, names, heals: [heal] }]]),
    otherNames: new Map(),
    coercedMatch: new Map(),
    statements: undefined,
    heals: [],
  };
}

const ann = { role: "authenticated", claims: { sub: "ann" } };

function note(key: Record<string, unknown>, total: unknown = "x") {
  const noted: unknown[][] = [];
  const journal = { note: (_: unknown, ...rest: unknown[]) => void noted.push(rest), add: () => {} };
  const plan = planOf(Object.keys(key));
  const isTold = noteTold(journal, renamedShapeOf(plan, { totl: "x" })!, plan, { totl: "x" }, { ...key, total }, ann);
  return { isTold, noted };
}

Deno.test("a row's key is written as the ledger writes it, whatever it is made of", () => {
  const moment = new Date(0);
  const keys = [{ id: 7 }, { id: "12" }, { id: 12n }, { 'o"d': "a-b" }, { id: "\u00fc" }, { id: 'q"' }, { id: moment }];
  for (const key of [...keys, { id: null }, { a: 1, b: "x" }]) {
    assert.deepEqual(note(key).noted, [[rowKeyText(key), fingerprintOf('{"totl":"x"}'), ann.role]], rowKeyText(key));
  }
});

Deno.test("a row that does not give a value back is not noted", () => {
  assert.deepEqual(note({ id: 1 }, "y"), { isTold: false, noted: [] });
});
