import assert from "node:assert/strict";
import fc from "fast-check";
import type { Row } from "./connector.ts";
import { groupRows, inGivenOrder } from "./rowGroups.ts";

Deno.test("rows come back in the order in which they were given", () => {
  const row = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.integer(), { maxKeys: 3 });
  fc.assert(fc.property(fc.array(row, { minLength: 1 }), (rows) => {
    const groups = groupRows(rows);
    const returned = groups.flatMap((group) => group.rows);
    assert.deepEqual(inGivenOrder(returned, groups), rows);
    for (const { columns, rows } of groups) {
      for (const row of rows) assert.deepEqual(Object.keys(row).toSorted(), columns.toSorted());
      if (columns.length === 0) assert.equal(rows.length, 1);
    }
  }));
});

Deno.test("where some did not land they stay as they came; undefined is a missing key", () => {
  const rows: Row[] = [{ a: 1 }, { b: 1 }, { a: 2, b: undefined }];
  const groups = groupRows(rows);
  assert.deepEqual(groups.map((group) => group.places), [[0, 2], [1]]);
  assert.deepEqual(inGivenOrder([{ a: 1 }, { b: 1 }], groups), [{ a: 1 }, { b: 1 }]);
});
