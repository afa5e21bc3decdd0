import assert from "node:assert/strict";
import { readPrice } from "./readPrice.ts";

Deno.test("prices are read as they are written, with their currency", () => {
  for (
    const [text, amount, currency] of [
      ["3.49", "3.49"],
      ["3,49 \u20ac", "3.49", "EUR"],
      ["$3.4", "3.4", "USD"],
      ["GBP 12", "12", "GBP"],
      ["1.234,50", "1234.50"],
      ["1,234.50", "1234.50"],
      ["1 234,50 \u20ac", "1234.50", "EUR"],
    ]
  ) {
    assert.deepEqual(readPrice(text!), { amount, ...(currency === undefined ? {} : { currency }) }, text);
  }
});

Deno.test("what can be read in two ways, or in none, is no price", () => {
  for (
    const text of [
      "",
      "free",
      "1,234",
      "1.234",
      "-3",
      "3.499",
      "1e3",
      "3.49 - 4.49",
      "\u20ac 3 USD",
      "1,23.4",
      "12.34.56",
    ]
  ) {
    assert.equal(readPrice(text), undefined, text);
  }
});
