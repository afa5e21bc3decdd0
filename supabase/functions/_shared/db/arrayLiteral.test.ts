import assert from "node:assert/strict";
import { arrayLiteral } from "./arrayLiteral.ts";

Deno.test("arrays are written as Postgres reads them, of whatever type", () => {
  assert.equal(arrayLiteral([]), "{}");
  assert.equal(
    arrayLiteral(["public", 'a"b', "c\\d", "", "NULL", "{x}"]),
    '{"public","a\\"b","c\\\\d","","NULL","{x}"}',
  );
  assert.equal(arrayLiteral([1, 2n, true, null, undefined]), '{"1","2","true",NULL,NULL}');
  assert.equal(arrayLiteral([["a"], [new Date(0)]]), '{{"a"},{"1970-01-01T00:00:00.000Z"}}');
});
