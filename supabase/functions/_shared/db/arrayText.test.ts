import assert from "node:assert/strict";
import fc from "fast-check";
import { readArray, writeArray } from "./arrayText.ts";
import { JsonText } from "./driverTypes.ts";

const text = (member: string) => member;

Deno.test("what was written is read again, whatever the members hold", () => {
  const member = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("", "NULL", "{", "}", ",", '"', "\\", "a b"));
  const list = fc.array(fc.option(member), { maxLength: 6 });
  fc.assert(fc.property(list, (members) => assert.deepEqual(readArray(writeArray(members), text), members)));
  const nested = fc.array(fc.array(fc.option(member), { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(nested, (members) => assert.deepEqual(readArray(writeArray(members), text), members)));
});

Deno.test("members are written as their types are", () => {
  const members = [true, 1.5, 12n, new Date(0), new Uint8Array([1, 255]), new JsonText({ a: '"' }), null];
  assert.equal(
    writeArray(members),
    String.raw`{"true","1.5","12","1970-01-01T00:00:00.000Z","\\x01ff","{\"a\":\"\\\"\"}",NULL}`,
  );
});

Deno.test("an array as Postgres prints it is read: bare members, bounds, dimensions", () => {
  assert.deepEqual(readArray("{1,2,NULL}", Number), [1, 2, null]);
  assert.deepEqual(readArray("[2:3]={a,b}", text), ["a", "b"]);
  assert.deepEqual(readArray("{{1,2},{3,4}}", Number), [[1, 2], [3, 4]]);
  assert.deepEqual(readArray("{}", text), []);
});
