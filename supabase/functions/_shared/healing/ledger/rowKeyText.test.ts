import assert from "node:assert/strict";
import { rowKeyText } from "./rowKeyText.ts";

Deno.test("a key reads the same whichever way its row came back", () => {
  const at = new Date("2026-11-21T10:00:00.123Z");
  assert.equal(rowKeyText({ id: 7, at, on: true }), '{"id":"7","at":"2026-11-21T10:00:00.123Z","on":"true"}');
  assert.equal(rowKeyText({ id: 7n }), rowKeyText({ id: "7" }));
  assert.equal(rowKeyText({ bytes: new Uint8Array([1, 255]) }), '{"bytes":"\\\\x01ff"}');
  assert.equal(rowKeyText({ list: [1, "a"], none: null, of: { a: 1 } }), '{"list":[1,"a"],"none":null,"of":{"a":1}}');
});
