import assert from "node:assert/strict";
import fc from "fast-check";
import { readPrice } from "./readPrice.ts";

Deno.test("prices are read as people write them", () => {
  const cases: [unknown, string, string?][] = [
    [3.49, "3.49"],
    [0, "0.00"],
    ["3,49 \u20ac", "3.49", "EUR"],
    ["$3.49", "3.49", "USD"],
    ["EUR 12", "12.00", "EUR"],
    ["1.234,50", "1234.50"],
    ["1,234.5", "1234.50"],
    ["1 234,50", "1234.50"],
    ["1.234.567", "1234567.00"],
  ];
  for (const [value, price, currency] of cases) {
    assert.deepEqual(readPrice(value), currency === undefined ? { price } : { price, currency }, String(value));
  }
});

Deno.test("what is ambiguous, negative, too fine or no amount is refused", () => {
  for (
    const value of [
      "1.234",
      "1,200",
      "-1",
      "3.499",
      3.499,
      1e21,
      -1,
      "free",
      "",
      "1.2.3",
      "1,2,3",
      "$1 EUR",
      null,
      "123456789",
    ]
  ) {
    assert.ok("reason" in readPrice(value), String(value));
  }
});

Deno.test("every price is read back from either way of writing it", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 9_999_999_999 }), fc.boolean(), (cents, isGerman) => {
    const text = (cents / 100).toFixed(2);
    const [whole, places] = text.split(".") as [string, string];
    const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, isGerman ? "." : ",");
    assert.deepEqual(readPrice(`${grouped}${isGerman ? "," : "."}${places}`), { price: text });
  }));
});
