import assert from "node:assert/strict";
import fc from "fast-check";
import { assignColumns } from "./assignColumns.ts";

const matrices = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) =>
  fc.array(fc.array(fc.integer({ min: -5, max: 20 }), { minLength: columns, maxLength: columns }), {
    minLength: rows,
    maxLength: rows,
  })
);

function bestByForce(gains: readonly (readonly number[])[], row = 0, used: ReadonlySet<number> = new Set()): number {
  if (row === gains.length) return 0;
  const free = bestByForce(gains, row + 1, used);
  return gains[row]!.reduce((best, gain, column) => {
    if (used.has(column) || gain <= 0) return best;
    return Math.max(best, gain + bestByForce(gains, row + 1, new Set([...used, column])));
  }, free);
}

Deno.test("assignColumns gains as much as trying every assignment", () => {
  fc.assert(fc.property(matrices, (gains) => {
    const assigned = assignColumns(gains, gains[0]!.length);
    const taken = assigned.filter((column) => column >= 0);
    assert.equal(new Set(taken).size, taken.length, "one to one");
    const total = assigned.reduce((sum, column, row) => sum + (column < 0 ? 0 : gains[row]![column]!), 0);
    assert.equal(total, bestByForce(gains));
  }));
});

Deno.test("assignColumns leaves a row free rather than take what gains nothing", () => {
  assert.deepEqual(assignColumns([[0, -1], [5, 3]], 2), [-1, 0]);
  assert.deepEqual(assignColumns([[1], [2]], 1), [-1, 0]);
  assert.deepEqual(assignColumns([], 3), []);
  assert.deepEqual(assignColumns([[]], 0), [-1]);
});
