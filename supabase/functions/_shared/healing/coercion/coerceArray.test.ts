import { expectCoercions } from "./testing/expectCoercions.ts";

Deno.test("lists: member by member", () => {
  expectCoercions("integer[]", {
    fits: [
      [[1, "2", null, 3n], [1, 2, null, 3]],
      [[], []],
      [[[1, 2], ["3", 4]], [[1, 2], [3, 4]]],
      ["[1,2]", [1, 2]],
      ["{1,NULL}", [1, null]],
      ["{}", []],
      ["1, 2,3", [1, 2, 3]],
      [5, [5]],
      ["5", [5]],
    ],
    refused: [
      [[1, "x"], "not_a_number"],
      [[1.5], "would_round"],
      [[[1], [2, 3]], "list_shape_would_be_lost"],
      [[[]], "list_shape_would_be_lost"],
      [[1, [2]], "list_shape_would_be_lost"],
      [new Array(2), "list_shape_would_be_lost"],
      [[[[[[[[1]]]]]]], "list_shape_would_be_lost"],
      ["1,234", "ambiguous_list"],
      ["1,5", "ambiguous_list"],
      ["1,,2", "ambiguous_list"],
      ["[1,2", "ambiguous_list"],
      ["", "ambiguous_list"],
      [{ a: 1 }, "unsupported_value"],
    ],
  });
  expectCoercions("numeric(4,1)[]", { refused: [["{1.25}", "would_round"]] });
});

Deno.test("lists of texts: a text is one member only where it can be no list", () => {
  expectCoercions("text[]", {
    fits: [["red", ["red"]], ["{a,b}", ["a", "b"]], ['["a,b"]', ["a,b"]]],
    refused: [["Smith, John", "ambiguous_list"], ["a;b", "ambiguous_list"], [["a\0"], "nul_character"]],
  });
  expectCoercions("mood[]", { fits: [[["Sad", "ok"], ["sad", "ok"]]] }, ["sad", "ok"]);
  expectCoercions("jsonb[]", { refused: [[[{}], "unsupported_type"]] });
});
