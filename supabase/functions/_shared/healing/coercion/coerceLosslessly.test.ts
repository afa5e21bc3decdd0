import assert from "node:assert/strict";
import fc from "fast-check";
import { coerceLosslessly } from "./coerceLosslessly.ts";
import { reconstruct } from "./reconstruct.ts";
import { families } from "./testing/familyArbitraries.ts";

const runs = 3_000;

for (const { name, column, value } of families) {
  Deno.test(`${name}: what fits gives back exactly what was sent`, () => {
    let fitted = 0;
    fc.assert(
      fc.property(column, value, (column, value) => {
        const coercion = coerceLosslessly(value, column);
        if (!coercion.ok) {
          assert.notEqual(coercion.reason, "not_reversible", "a coercer gave an inverse that is none");
          return;
        }
        fitted++;
        const kept = JSON.parse(JSON.stringify(coercion.inverse)); // Kept in a jsonb column.
        assert.deepStrictEqual(reconstruct(coercion.value, kept), value);
        assert.deepStrictEqual(coerceLosslessly(value, column), coercion, "the same question has the same answer");
      }),
      { numRuns: runs },
    );
    assert.ok(fitted > runs / 10, `only ${fitted} of ${runs} values fitted: the property says too little`);
  });

  Deno.test(`${name}: what was stored fits as it is`, () => {
    fc.assert(
      fc.property(column, value, (column, value) => {
        const first = coerceLosslessly(value, column);
        if (!first.ok || Number.isNaN(value)) return;
        const again = coerceLosslessly(first.value, column);
        assert.ok(again.ok, JSON.stringify(again));
        // JSON text is parsed once, not twice; all else has settled.
        if (name !== "json" && name !== "array") assert.deepStrictEqual(again.value, first.value);
      }),
      { numRuns: runs },
    );
  });
}

Deno.test("null goes where it may", () => {
  assert.deepEqual(coerceLosslessly(null, { type: "integer", isNullable: true }), {
    ok: true,
    value: null,
    strategy: "unchanged",
    inverse: { from: "null" },
  });
  const refusal = { ok: false, reason: "null_not_allowed" };
  assert.deepEqual(coerceLosslessly(null, { type: "integer", isNullable: false }), refusal);
});

Deno.test("what would not come back is refused, whatever a coercer says", () => {
  const value = { type: "Buffer", data: [-0] };
  assert.deepEqual(coerceLosslessly(value, { type: "bytea", isNullable: true }), {
    ok: false,
    reason: "not_reversible",
  });
});

Deno.test("types without a coercer refuse", () => {
  for (const type of ["money", "tsvector", "interval day to second", "point", '"char"', "int4range", "a_domain"]) {
    assert.deepEqual(coerceLosslessly("1", { type, isNullable: true }), { ok: false, reason: "unsupported_type" });
  }
});

Deno.test("a value that fits is given back itself", () => {
  const value = { a: 1 };
  const coercion = coerceLosslessly(value, { type: "jsonb", isNullable: false });
  assert.ok(coercion.ok && coercion.value === value && coercion.strategy === "unchanged");
});

Deno.test("nothing is too deep to be refused", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  for (const type of ["jsonb", "text", "integer[]", "integer", "bytea"]) {
    for (const value of [deep, JSON.parse(deep)]) {
      const coercion = coerceLosslessly(value, { type, isNullable: true });
      assert.ok(!coercion.ok || coercion.value === value, type);
    }
  }
});
