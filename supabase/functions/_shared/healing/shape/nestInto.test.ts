import assert from "node:assert/strict";
import fc from "fast-check";
import { nestInto, unnest } from "./nestInto.ts";

const address = [{ name: "id", type: "integer" }, { name: "address", type: "jsonb" }];

Deno.test("keys gather in the JSON column they begin with", () => {
  const row = { id: 1, address_city: "Rome", addressPostalCode: "00100", addressURL: null, "address-line 1": [1] };
  const { row: nested, nested: keys, refused } = nestInto(row, address);
  assert.deepEqual(nested, { id: 1, address: { city: "Rome", postalCode: "00100", url: null, "line 1": [1] } });
  assert.deepEqual(refused, []);
  assert.deepEqual(unnest(nested, keys), row);
});

Deno.test("what may be meant otherwise stays", () => {
  const cases: [row: Record<string, unknown>, columns: typeof address, reasons: string[]][] = [
    [{ address_city: 1 }, address, ["single_key"]],
    [{ address_city: 1, addressCity: 2 }, address, ["ambiguous_column", "ambiguous_column"]],
    [{ address_city: 1, address_zip: 2, Address: {} }, address, ["column_taken", "column_taken"]],
    [{ address_city: 1, address_zip: 2, address_at: new Date(0) }, address, [
      "not_json",
      "ambiguous_column",
      "ambiguous_column",
    ]],
    [{ a_b_c: 1, a_b_d: 2 }, [{ name: "a", type: "json" }, { name: "a_b", type: "json" }], [
      "ambiguous_column",
      "ambiguous_column",
    ]],
    [{ addressed: 1, addresses: 2 }, address, []],
    [{ address_city: 1, address_zip: 2 }, [{ name: "address", type: "text" }], []],
    [{ address_city: 1, address_zip: 2 }, [{ name: "address", type: "json" }, { name: "Address", type: "json" }], []],
  ];
  for (const [row, columns, reasons] of cases) {
    const nested = nestInto(row, columns);
    assert.deepEqual(nested.row, row);
    assert.deepEqual(nested.refused.map(({ reason }) => reason), reasons, JSON.stringify(row));
  }
});

Deno.test("a nested row lays out to what it was", () => {
  const key = fc.constantFrom(
    "a_b",
    "a_c",
    "aB",
    "aC",
    "A_C",
    "a_b_c",
    "a-d",
    "b_constructor",
    "b_toString",
    "b_x",
    "a",
    "c_d",
  );
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom(-0, undefined, 1n));
  const columns = fc.uniqueArray(fc.constantFrom("a", "b", "a_b", "c"), { minLength: 1 })
    .map((names) => names.map((name) => ({ name, type: "jsonb" })));
  let gathered = 0;
  fc.assert(
    fc.property(fc.dictionary(key, value, { noNullPrototype: true }), columns, (row, columns) => {
      const { row: nested, nested: keys } = nestInto(row, columns);
      if (keys.length > 0) gathered++;
      assert.deepEqual(unnest(nested, JSON.parse(JSON.stringify(keys))), row);
    }),
    { numRuns: 5_000 },
  );
  assert.ok(gathered > 250, `only ${gathered} rows were gathered`);
});
