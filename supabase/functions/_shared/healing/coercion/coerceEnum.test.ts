import { expectCoercions } from "./testing/expectCoercions.ts";

Deno.test("enum labels: case and separators are folded where one label alone is meant", () => {
  expectCoercions("public.order_state", {
    fits: [
      ["in_progress", "in_progress"],
      ["In Progress", "in_progress"],
      ["in-progress", "in_progress"],
      ["inProgress", "in_progress"],
      [" DONE ", "done"],
      ["Left", "Left"],
    ],
    refused: [
      ["in progres", "unknown_label"],
      ["", "unknown_label"],
      ["LEFT", "ambiguous_label"],
      [1, "unsupported_value"],
    ],
  }, ["in_progress", "done", "Left", "left"]);
  expectCoercions("grade", {
    fits: [["a-", "A-"]],
    refused: [["-1", "unknown_label"], ["1-2", "unknown_label"], ["A", "unknown_label"]],
  }, ["1", "12", "A-"]);
});
