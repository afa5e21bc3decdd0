import { expectCoercions } from "./testing/expectCoercions.ts";

Deno.test("JSON: plain values stay, texts of objects and lists are parsed", () => {
  const value = { a: [1, "x", null, { b: true }] };
  expectCoercions("jsonb", {
    fits: [
      [value, value],
      ['{"a": 1.50, "b\\"c": [1e2]}', { a: 1.5, 'b"c': [100] }],
      ["[]", []],
      ["plain", "plain"],
      ["{not json", "{not json"],
      ["12", "12"],
      [12, 12],
      [-0, 0],
      [7n, 7],
      [new Date(0), "1970-01-01T00:00:00.000Z"],
      [["x\\u0000"], ["x\\u0000"]],
    ],
    refused: [
      ['{"a":1,"a":2}', "duplicate_keys"],
      ['{"a":12345678901234567890}', "imprecise_number"],
      ["[1e999]", "imprecise_number"],
      ['["\\u0000"]', "nul_character"],
      [["\0"], "nul_character"],
      [{ "k\ud800": 1 }, "lone_surrogate"],
      [{ a: undefined }, "not_json"],
      [{ a: -0 }, "not_json"],
      [{ a: 1n }, "not_json"],
      [JSON.parse('{"__proto__":1}'), "not_json"],
      [Object.assign([1], { extra: 1 }), "not_json"],
      [new Map(), "not_json"],
      [2n ** 60n, "out_of_range"],
      [NaN, "not_json"],
    ],
  });
});
