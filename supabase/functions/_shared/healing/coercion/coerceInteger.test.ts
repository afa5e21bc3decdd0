import { expectCoercions } from "./testing/expectCoercions.ts";

Deno.test("integers: spellings of a whole number become it", () => {
  expectCoercions("integer", {
    fits: [
      [7, 7],
      [-0, 0],
      ["42", 42],
      ["+1", 1],
      ["007", 7],
      [" 12 ", 12],
      ["1e3", 1000],
      ["1.50e1", 15],
      ["10.00", 10],
      ["1,234,567", 1234567],
      ["1.234,00", 1234],
      [true, 1],
      [false, 0],
      [5n, 5],
      [[5], 5],
      ["-2147483648", -2147483648],
    ],
    refused: [
      ["", "not_a_number"],
      ["abc", "not_a_number"],
      ["0x10", "not_a_number"],
      ["$12", "not_a_number"],
      ["NaN", "not_a_number"],
      [NaN, "not_a_number"],
      ["1,234", "ambiguous_number"],
      ["1.234.567", "ambiguous_number"],
      ["1_000", "ambiguous_number"],
      ["1.5", "would_round"],
      [1.5, "would_round"],
      [2147483648, "out_of_range"],
      ["-2147483649", "out_of_range"],
      ["1e999999", "out_of_range"],
      [2 ** 53, "imprecise_number"],
      [new Date(0), "unsupported_value"],
      [{}, "unsupported_value"],
      [[1, 2], "unsupported_value"],
      [undefined, "unsupported_value"],
    ],
  });
});

Deno.test("integers: each size has its range, and big ones travel as text", () => {
  expectCoercions("smallint", { fits: [["32767", 32767]], refused: [[32768, "out_of_range"]] });
  expectCoercions("bigint", {
    fits: [["9007199254740991", 9007199254740991], [9223372036854775807n, "9223372036854775807"], [
      "-9223372036854775808",
      "-9223372036854775808",
    ]],
    refused: [["9223372036854775808", "out_of_range"], [-9223372036854775809n, "out_of_range"]],
  });
});
