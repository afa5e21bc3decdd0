import assert from "node:assert/strict";
import { readRatings } from "./readRatings.ts";

const rows = [["u1", "i1", "5", "30"], ["u1", "i2", "4", "10"], ["u1", "i3", "2", "20"], ["u2", "i1", "5", "1"]];

for (
  const [name, separator] of [["tabs", "\t"], ["spaces", " "], ["commas", ","], ["colons", "::"], ["semicolons", ";"]]
) {
  Deno.test(`ratings apart by ${name} are read in the order of time, disliked ones left out`, () => {
    const { histories, itemCount, skipped } = readRatings(rows.map((row) => row.join(separator)).join("\n"), {
      leastItems: 1,
    });
    assert.deepEqual(histories, [{ items: [0, 1] }, { items: [1] }]);
    assert.deepEqual({ itemCount, skipped }, { itemCount: 2, skipped: 0 });
  });
}

Deno.test("headings, comments, quotes, Windows line ends and broken lines do no harm", () => {
  const text =
    '\ufeffuserId,movieId,rating,timestamp\r\n# none\r\n"1","7",4.5,100\r\n1,8,oops,5\r\n\r\n1,9\r\n1,9,5,50\r\n';
  const { histories, skipped } = readRatings(text, { leastItems: 1 });
  assert.deepEqual(histories, [{ items: [0, 1] }]);
  assert.equal(skipped, 3);
});

Deno.test("a pair that is rated twice counts once, by the later rating; without times the lines are in order", () => {
  assert.deepEqual(readRatings("1 1 5 10\n1 1 1 20\n1 2 5 5", { leastItems: 1 }).histories, [{ items: [0] }]);
  assert.deepEqual(readRatings("1 b 5\n1 a 5", { leastItems: 1 }).histories, [{ items: [0, 1] }]);
});

Deno.test("where ratings only say yes, all of them are liking; users with little are left out", () => {
  assert.deepEqual(readRatings("1 1 1 1\n1 2 1 2\n2 1 1 3", { leastItems: 2 }).histories, [{ items: [0, 1] }]);
});
