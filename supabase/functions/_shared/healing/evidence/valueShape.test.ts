import assert from "node:assert/strict";
import { valueShape } from "./valueShape.ts";

Deno.test("a value is described by type, length, sort and characters", () => {
  const shapes: [unknown, string][] = [
    ["ann@example.org", "text, 15 chars, email-like, letters and marks"],
    ["2026-01-31", "text, 10 chars, date-like, digits and marks"],
    ["  ", "text, 2 chars, blank"],
    ["x".repeat(5_000), "text, 5000 chars, word-like, letters"],
    [-12.5, "number, decimal, 3 digits, negative"],
    [7n, "number, integer, 1 digits"],
    [NaN, "number, not finite"],
    [true, "boolean"],
    [null, "null"],
    [new Date(0), "moment"],
    [new Uint8Array(3), "bytes, 3"],
    [["a", 1, null, []], "list, 4 members, of list and null and number and string"],
    [[], "list, 0 members"],
    [{ secret: "x" }, "object, 1 members"],
  ];
  for (const [value, shape] of shapes) assert.equal(valueShape(value), shape);
});

Deno.test("no part of a value is given away", () => {
  for (const value of ["tango-7391", "Ann Example, 12 Elm Street", 987654321, { tango: "7391" }, ["tango"]]) {
    const shape = valueShape(value);
    for (const part of ["tango", "7391", "Ann", "Elm", "9876"]) assert.ok(!shape.includes(part), shape);
  }
});
