import assert from "node:assert/strict";
import fc from "fast-check";
import { isPlainObject, isSameValue } from "../coercion/sameValue.ts";
import { flattenInto, unflatten } from "./flattenInto.ts";

const columns = (...names: string[]) => names.map((name) => ({ name, type: "text" }));

Deno.test("a nested object goes to the columns named by its ways", () => {
  const row = { id: 1, address: { city: "Rome", geo: { lat: 1 }, tags: ["a"] } };
  const { row: flat, leaves, refused } = flattenInto(
    row,
    columns("id", "address_city", "addressGeoLat", "address_tags"),
  );
  assert.deepEqual(flat, { id: 1, address_city: "Rome", addressGeoLat: 1, address_tags: ["a"] });
  assert.deepEqual(refused, []);
  assert.deepEqual(unflatten(flat, leaves), row);
});

Deno.test("an object that has a column of its own on the way stops there", () => {
  const { row } = flattenInto({ a: { b: { c: 1 } } }, columns("a_b"));
  assert.deepEqual(row, { a_b: { c: 1 } });
});

Deno.test("an object goes whole or not at all", () => {
  const cases: [row: Record<string, unknown>, columns: string[], reason: string][] = [
    [{ a: { b: 1, c: 2 } }, ["a_b"], "no_column"],
    [{ a: {} }, ["a_b"], "empty_object"],
    [{ a: { b: 1, c: {} } }, ["a_b", "a_c_d"], "empty_object"],
    [{ a: { b: 1 } }, ["a_b", "aB"], "ambiguous_column"],
    [{ a: { b: { c: 1 } } }, ["a_b", "a_b_c"], "ambiguous_column"],
    [{ a: { b: 1 }, a_b: 2 }, ["a_b"], "column_taken"],
    [{ a: { b: 1 }, A: { b: 2 } }, ["a_b"], "column_taken"],
    [{ a: { b: undefined } }, ["a_b"], "not_json"],
    [{ a: JSON.parse('{"__proto__":1}') }, ["a___proto__"], "not_json"],
  ];
  for (const [row, names, reason] of cases) {
    const flattened = flattenInto(row, columns(...names));
    assert.deepEqual(flattened.row, row);
    assert.deepEqual(flattened.leaves, []);
    assert.ok(flattened.refused.every((refusal) => refusal.reason === reason), JSON.stringify(flattened.refused));
    assert.ok(flattened.refused.length > 0, reason);
  }
});

Deno.test("keys that are columns, scalars and lists stay as they are", () => {
  const row = { a: { b: 1 }, c: 5, d: [{ e: 1 }], f: new Date(0) };
  assert.deepEqual(flattenInto(row, columns("a", "a_b", "d_e")), { row, leaves: [], refused: [] });
});

/** The ways to all values in a row's objects, joined as column names are. */
function waysOf(object: object, start: readonly string[] = []): string[] {
  return Object.entries(object).flatMap(([key, value]) =>
    isPlainObject(value) ? waysOf(value, [...start, key]) : start.length === 0 ? [] : [[...start, key].join("_")]
  );
}

Deno.test("a flattened row folds up to what it was, and loses no value on the way", () => {
  const key = fc.constantFrom("a", "b", "aB", "a_b", "c", "constructor", "toString");
  const { row } = fc.letrec((tie) => ({
    leaf: fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.date(), fc.array(fc.integer(), { maxLength: 2 })),
    value: fc.oneof(
      { depthSize: "small" },
      tie("leaf"),
      fc.dictionary(key, tie("value"), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
    ),
    row: fc.dictionary(key, tie("value"), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  }));
  const cases = (row as fc.Arbitrary<Record<string, unknown>>).chain((row) => {
    const ways = [...new Set(waysOf(row))];
    const most = fc.subarray(ways, { minLength: Math.max(0, ways.length - 1) });
    const noise = fc.subarray(["a", "a_b", "aB", "b_c", "A_B_C", "toString"], { maxLength: 2 });
    return fc.tuple(fc.constant(row), most, noise);
  });
  let flattened = 0;
  fc.assert(
    fc.property(cases, ([row, most, noise]) => {
      const { row: flat, leaves, refused } = flattenInto(row, columns(...new Set([...most, ...noise])));
      if (leaves.length > 0) flattened++;
      // Not deepEqual: that of Deno 2.1.4 takes a key "constructor" for a class.
      const back = unflatten(flat, JSON.parse(JSON.stringify(leaves)));
      assert.ok(isSameValue(back, row), JSON.stringify({ row, back }));
      assert.equal(new Set(leaves.map(({ column }) => column)).size, leaves.length);
      for (const { path, column } of leaves) {
        assert.ok([...most, ...noise].includes(column) && Object.hasOwn(flat, column));
        assert.equal(flat[column], path.reduce<unknown>((value, step) => (value as typeof row)[step], row));
      }
      for (const { key } of refused) assert.equal(flat[key], row[key]);
    }),
    { numRuns: 5_000 },
  );
  assert.ok(flattened > 500, `only ${flattened} rows were flattened`);
});
