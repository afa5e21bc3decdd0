import assert from "node:assert/strict";
import { codeOnly } from "./codeOnly.ts";

function words(source: string): string[] {
  return codeOnly(source).match(/\w+/g) ?? [];
}

Deno.test("comments, strings and regular expressions are blank", () => {
  assert.deepEqual(words("a /* x */ b // y\n'c' + \"d\\\"e\" + f / 2; g(/h'`/i.test(j))"), [
    "a",
    "b",
    "f",
    "2",
    "g",
    "test",
    "j",
  ]);
});

Deno.test("code inside a template is kept, its text is not", () => {
  assert.deepEqual(words("`x ${a.b({ c: `y ${d} z` })} w` + e"), ["a", "b", "c", "d", "e"]);
});

Deno.test("a slash after a value divides, after an operator or keyword it opens a pattern", () => {
  assert.deepEqual(words("a / b / c; return /x/; d = [/[/]y/g]; (e) / f"), ["a", "b", "c", "return", "d", "e", "f"]);
});

Deno.test("line breaks stay where they are", () => {
  assert.equal(codeOnly("a /* \n\n */ b").split("\n").length, 3);
});
