import { expectCoercions } from "./testing/expectCoercions.ts";

Deno.test("texts: scalars and plain JSON become text", () => {
  const date = new Date("2026-01-31T10:30:00.123Z");
  expectCoercions("text", {
    fits: [
      ["", ""],
      [" a ", " a "],
      [7, "7"],
      [-0, "-0"],
      [0.1, "0.1"],
      [12n, "12"],
      [true, "true"],
      [date, "2026-01-31T10:30:00.123Z"],
      [{ a: [1, null, "x\0"] }, '{"a":[1,null,"x\\u0000"]}'],
      [[], "[]"],
    ],
    refused: [
      ["a\0b", "nul_character"],
      ["a\ud800", "lone_surrogate"],
      [NaN, "not_a_number"],
      [2 ** 60, "imprecise_number"],
      [{ a: undefined }, "not_json"],
      [[NaN], "not_json"],
      [[-0], "not_json"],
      [{ at: date }, "not_json"],
      [new Uint8Array(2), "not_json"],
      [new Date(NaN), "unsupported_value"],
      [Symbol.iterator, "not_json"],
    ],
  });
});

Deno.test("texts: a length counts characters, and nothing is cut", () => {
  expectCoercions("character varying(3)", {
    fits: [["abc", "abc"], ["\u{1f600}\u{1f600}\u{1f600}", "\u{1f600}\u{1f600}\u{1f600}"], [123, "123"]],
    refused: [["abcd", "too_long"], ["abc ", "too_long"], [false, "too_long"], [1234, "too_long"]],
  });
  expectCoercions("character(3)", {
    fits: [["ab", "ab"], ["", ""]],
    refused: [["ab ", "trailing_blanks_would_be_lost"], ["abcd", "too_long"]],
  });
  expectCoercions("name", { fits: [["n".repeat(63), "n".repeat(63)]], refused: [["\u00e9".repeat(32), "too_long"]] });
});
