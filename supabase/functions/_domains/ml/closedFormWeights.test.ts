import assert from "node:assert/strict";
import { seededRandom } from "../../_shared/random/seededRandom.ts";
import { closedFormWeights } from "./closedFormWeights.ts";
import { packHistories, transposeMatrix } from "./interactionMatrix.ts";
import { gramOf } from "./solveBlock.ts";

/** The inverse as textbooks have it: Gauss and Jordan, with pivots. */
function invertNaively(matrix: number[][]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, at) => [...row, ...row.map((_, column) => column === at ? 1 : 0)]);
  for (let column = 0; column < size; column++) {
    const pivot = rows.slice(column).reduce((best, _, at, rest) =>
      Math.abs(rest[at]![column]!) > Math.abs(rest[best]![column]!) ? at : best, 0) + column;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const scale = rows[column]![column]!;
    rows[column] = rows[column]!.map((value) =>
      value / scale
    );
    rows.forEach((row, at) => {
      if (at !== column) {
        rows[at] = row.map((value, place) =>
          value - row[column]! * rows[column]![place]!
        );
      }
    });
  }
  return rows.map((row) => row.slice(size));
}

for (const size of [1, 2, 7, 24]) {
  Deno.test(`the closed form of ${size} items is what the naive inverse gives`, () => {
    const { next } = seededRandom(size);
    const histories = Array.from({ length: 40 }, () => {
      const items = Array.from({ length: size }, (_, item) => item).filter(() => next() < 0.4);
      return { items, weights: items.map(() => next()) };
    });
    const bySubject = packHistories(size, histories);
    const items = Array.from({ length: size }, (_, item) => item);
    const gram = gramOf(bySubject, transposeMatrix(bySubject), items);
    const column = (item: number) =>
      histories.map(({ items, weights }) => items.includes(item) ? Math.fround(weights[items.indexOf(item)]!) : 0);
    const naiveGram = items.map((i) =>
      items.map((j) => column(i).reduce((sum, value, at) => sum + value * column(j)[at]!, 0))
    );
    const inverse = invertNaively(naiveGram.map((row, i) => row.map((value, j) => i === j ? value + 3 : value)));
    const weights = closedFormWeights(gram, size, 3);
    for (const i of items) {
      for (const j of items) {
        const wanted = i === j ? 0 : -inverse[i]![j]! / inverse[j]![j]!;
        assert.ok(Math.abs(weights[i * size + j]! - wanted) < 1e-9, `${i} ${j}`);
      }
    }
  });
}

Deno.test("a lambda that does not regularise, and a matrix that is none, are refused", () => {
  assert.throws(() => closedFormWeights(new Float64Array(4), 2, 0), RangeError);
  assert.throws(() => closedFormWeights(new Float64Array([1, 9, 9, 1]), 2, 1), RangeError);
});
