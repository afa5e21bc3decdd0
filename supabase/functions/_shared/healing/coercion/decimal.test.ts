import assert from "node:assert/strict";
import fc from "fast-check";
import { isSameDecimal, magnitudeOf, readDecimal, scaleOf, splitDecimal } from "./decimal.ts";

Deno.test("decimals of one value are the same, however they are written", () => {
  for (const [one, other] of [["1.50", "15e-1"], ["0", "-0.000"], ["1e3", "1000"], ["+.5", "0.5"]]) {
    assert.ok(isSameDecimal(readDecimal(one!)!, readDecimal(other!)!), `${one} and ${other}`);
  }
  for (const [one, other] of [["1", "-1"], ["1", "10"], ["1", "0"], ["12", "21"]]) {
    assert.ok(!isSameDecimal(readDecimal(one!)!, readDecimal(other!)!), `${one} and ${other}`);
  }
  for (const text of ["", ".", "-", "1e", "1 2", "1,2", "0x1", "Infinity"]) assert.equal(readDecimal(text), undefined);
});

Deno.test("a decimal's digits stand where they stood", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.nat(25), (digits, scale) => {
      const decimal = readDecimal(`${digits}e-${scale}`)!;
      const { whole, fraction } = splitDecimal(decimal);
      assert.equal(BigInt(whole + fraction.padEnd(scale, "0")), digits);
      assert.equal(fraction.length, Math.max(0, scaleOf(decimal)));
      if (digits >= 10n ** BigInt(scale)) assert.equal(whole.length, magnitudeOf(decimal));
    }),
    { numRuns: 2_000 },
  );
});
