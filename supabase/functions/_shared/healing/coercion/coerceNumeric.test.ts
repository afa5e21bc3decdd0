import { expectCoercions } from "./testing/expectCoercions.ts";

Deno.test("numeric(p,s) takes what it holds to the last digit", () => {
  expectCoercions("numeric(10,2)", {
    fits: [
      [12.5, 12.5],
      ["1,234.50", "1234.50"],
      ["1.234,50", "1234.50"],
      ["12.3000", "12.3000"],
      ["99999999.99", "99999999.99"],
      [-0, 0],
      ["0e-99999", "0"],
      [3n, "3"],
      ["NaN", "NaN"],
    ],
    refused: [
      ["12.345", "would_round"],
      [0.001, "would_round"],
      ["100000000", "out_of_range"],
      [1e15, "out_of_range"],
      ["Infinity", "out_of_range"],
      [1e21, "imprecise_number"],
      ["12,50", "ambiguous_number"],
      [true, "unsupported_value"],
    ],
  });
  expectCoercions("numeric(3,-2)", { fits: [["12300", "12300"]], refused: [["12350", "would_round"]] });
  expectCoercions("numeric(2,4)", { fits: [["0.0099", "0.0099"]], refused: [["0.01", "out_of_range"]] });
});

Deno.test("numeric without a scale takes any decimal that Postgres can hold", () => {
  const long = `${"9".repeat(300)}.${"1".repeat(300)}`;
  expectCoercions("numeric", {
    fits: [[long, long], ["1e-16383", "1e-16383"], [-Infinity, "-Infinity"], [1e-7, 1e-7]],
    refused: [["1e-16384", "would_round"], ["1e131072", "out_of_range"]],
  });
});
