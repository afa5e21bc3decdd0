import assert from "node:assert/strict";
import { encodeMatch, refuseEmptyMatch } from "./encodedMatch.ts";
import { encodeRow } from "./encodedRow.ts";
import { addMatch } from "./restNames.ts";
import type { ColumnEncoding } from "./tableTypes.ts";

const known = new Map<string, ColumnEncoding>([["n", "plain"], ["t", "text"], ["m", "jsonb"], ["d", "json"]]);

Deno.test("values travel as their columns want, and as JSON where nothing is known", () => {
  const row = { n: 5, t: "x", m: "5", d: null, l: [1] };
  assert.deepEqual(encodeRow(row, known), {
    columns: ["n", "t", "m", "d", "l"],
    modes: "ptboj",
    values: ["5", "x", '"5"', null, '{"l":[1]}'],
  });
  assert.deepEqual(encodeRow({ n: 5, m: "5" }, undefined), {
    columns: ["n", "m"],
    modes: "jj",
    values: ['{"n":5}', '{"m":"5"}'],
  });
  assert.equal(encodeRow({ t: "\ud800" }, known).modes, "j");
});

Deno.test("a match has a value for each column that needs one", () => {
  assert.deepEqual(encodeMatch({ n: null, t: "x", m: "5", l: [1, 2], d: ["a"] }, known), {
    columns: ["n", "t", "m", "l", "d"],
    modes: "npjlJ",
    values: ["x", '{"m":"5"}', '{"1","2"}', '[{"d":"a"}]'],
  });
});

Deno.test("a match that could mean more than was meant is refused, in a URL too", () => {
  assert.throws(() => refuseEmptyMatch({}), { code: "INVALID_CALL" });
  for (const match of [{ a: undefined }, { a: [null] }, { a: [1, undefined] }]) {
    assert.throws(() => encodeMatch(match, known), { code: "INVALID_CALL" });
    assert.throws(() => addMatch(new URLSearchParams(), match), { code: "INVALID_CALL" });
  }
});

Deno.test("in a URL names and members are quoted, a list of one is no list", () => {
  const parameters = new URLSearchParams();
  addMatch(parameters, { 'a"b.c': "x.y", n: null, one: [""], many: ["a,b", 'q"\\'], none: [] });
  assert.deepEqual([...parameters], [
    ['"a\\"b.c"', "eq.x.y"],
    ['"n"', "is.null"],
    ['"one"', "eq."],
    ['"many"', 'in.("a,b","q\\"\\\\")'],
    ['"none"', "in.()"],
  ]);
});
