import assert from "node:assert/strict";
import { coerceLosslessly } from "./coerceLosslessly.ts";
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

Deno.test("enum labels: what a label was called before is the label by its name of now", () => {
  const column = {
    type: "public.order_state",
    isNullable: false,
    enumLabels: ["done", "on_hold", "Paused"],
    formerLabels: new Map([["finished", "done"], ["Waiting_Now", "on_hold"], ["paused", "on_hold"], ["old", "gone"]]),
  };
  const become = (value: string) => {
    const coercion = coerceLosslessly(value, column);
    return coercion.ok ? [coercion.value, coercion.strategy] : coercion.reason;
  };
  assert.deepEqual(become("finished"), ["done", "label_by_rename"]);
  assert.deepEqual(become("waiting now"), ["on_hold", "label_by_rename"]);
  assert.deepEqual(become("paused"), ["on_hold", "label_by_rename"]);
  assert.deepEqual(become("PAUSED"), ["Paused", "label_by_folding"]);
  assert.equal(become("old"), "unknown_label");
  const split = { ...column, formerLabels: new Map([["a-b", "done"], ["A_B", "on_hold"]]) };
  assert.deepEqual(coerceLosslessly("a b", split), { ok: false, reason: "ambiguous_label" });
});
