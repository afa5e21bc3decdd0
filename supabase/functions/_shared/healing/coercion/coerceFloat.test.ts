import { expectCoercions } from "./testing/expectCoercions.ts";

Deno.test("double precision takes decimals that it prints again", () => {
  expectCoercions("double precision", {
    fits: [[0.1, 0.1], ["0.10", 0.1], [-0, "-0"], ["-0.0", "-0"], [NaN, "NaN"], [Infinity, "Infinity"], [
      5e-324,
      5e-324,
    ]],
    refused: [
      ["0.1000000000000000055511151231257827", "would_round"],
      ["9007199254740993", "would_round"],
      [9007199254740993n, "would_round"],
      ["1e-400", "would_round"],
      ["1e23", "would_round"],
      ["1e400", "out_of_range"],
      ["infinity", "not_a_number"],
    ],
  });
  expectCoercions("double precision", { fits: [[2n ** 60n, 2 ** 60], [9007199254740992n, 2 ** 53]] });
});

Deno.test("real takes six digits, or more where it holds them exactly", () => {
  expectCoercions("real", {
    fits: [[0.1, 0.1], ["123456", 123456], [16777216, 16777216], [2 ** -20, 2 ** -20], ["3.14159", 3.14159]],
    refused: [
      [16777217, "would_round"],
      [0.1234567, "would_round"],
      [Math.PI, "would_round"],
      [82332100, "would_round"],
      [1e39, "out_of_range"],
      [1e-46, "would_round"],
    ],
  });
});
