import { expectCoercions } from "./testing/expectCoercions.ts";

Deno.test("booleans: Postgres's own words, one and zero", () => {
  expectCoercions("boolean", {
    fits: [
      [true, true],
      ["yes", true],
      [" Off ", false],
      ["T", true],
      ["0", false],
      [1, true],
      [-0, false],
      [0n, false],
    ],
    refused: [
      ["", "not_a_boolean"],
      ["2", "not_a_boolean"],
      ["ja", "not_a_boolean"],
      [2, "not_a_boolean"],
      [NaN, "not_a_boolean"],
      [{}, "unsupported_value"],
    ],
  });
});
