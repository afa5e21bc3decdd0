import assert from "node:assert/strict";
import fc from "fast-check";
import { conflictKey } from "./conflictKey.ts";
import { dedupeUpsert } from "./dedupeUpsert.ts";
import type { ShapeRow } from "./shapeRow.ts";

Deno.test("rows that say the same twice running are one; others part the statement where a key comes back", () => {
  const rows = [{ id: 1, a: 1 }, { id: 2 }, { id: 1, a: 1 }, { id: 1, a: 2 }, { id: 3 }, { id: 1, a: 1 }];
  assert.deepEqual(dedupeUpsert(rows, ["id"]), {
    statements: [[0, 1], [3, 4], [5]],
    collapsed: [{ index: 2, into: 0 }],
  });
});

Deno.test("rows without a whole key meet no other", () => {
  const rows = [{ id: null, a: 1 }, { id: null, a: 1 }, { a: 1 }, { a: 1 }];
  assert.deepEqual(dedupeUpsert(rows, ["id"]), { statements: [[0, 1, 2, 3]], collapsed: [] });
  assert.deepEqual(dedupeUpsert([], ["id"]), { statements: [], collapsed: [] });
});

Deno.test("keys that Postgres may take for equal are one", () => {
  const uuid = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
  const alike: unknown[][] = [
    [1, "1", 1n, "01", 1.0, "1.0", " 1"],
    [uuid, uuid.toUpperCase(), `{${uuid}}`, uuid.replaceAll("-", "")],
    [new Date(0), "1970-01-01T00:00:00Z", "1970-01-01 01:00:00+01", "1970-01-01"],
    ["A", "a", "a "],
    [0, -0, "0.0"],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }],
  ];
  const keys = alike.map((values) => new Set(values.map((id) => conflictKey({ id }, ["id"]))));
  assert.deepEqual(keys.map(({ size }) => size), alike.map(() => 1));
  assert.equal(new Set(keys.map((key) => [...key][0])).size, alike.length);
});

/** A table with a primary key of one column, as an upsert of one row at a time leaves it. */
function writeOneByOne(rows: readonly Row[]): Map<number, Record<string, unknown>> {
  const table = new Map<number, Record<string, unknown>>();
  for (const row of rows) table.set(Number(row.id), { ...table.get(Number(row.id)), ...row, id: Number(row.id) });
  return table;
}

interface Row extends ShapeRow {
  readonly id: number | string;
  readonly a?: number;
  readonly b?: number;
}

Deno.test("the statements leave the table as single upserts do, and none has a row twice", () => {
  const row: fc.Arbitrary<Row> = fc.record({
    id: fc.oneof(fc.nat(3), fc.nat(3).map(String)),
    a: fc.nat(2),
    b: fc.nat(1),
  }, { requiredKeys: ["id"], noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
      const { statements, collapsed } = dedupeUpsert(rows, ["id"]);
      for (const statement of statements) {
        assert.equal(new Set(statement.map((index) => Number(rows[index]!.id))).size, statement.length);
      }
      const written = statements.flat();
      assert.deepEqual(written, written.toSorted((left, right) => left - right), "the order stays");
      assert.deepEqual([...written, ...collapsed.map(({ index }) => index)].sort((left, right) => left - right), [
        ...rows.keys(),
      ]);
      for (const { index, into } of collapsed) assert.deepEqual(rows[index], rows[into]);
      assert.deepEqual(writeOneByOne(written.map((index) => rows[index]!)), writeOneByOne(rows));
    }),
    { numRuns: 5_000 },
  );
});
