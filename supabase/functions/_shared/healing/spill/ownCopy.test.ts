import assert from "node:assert/strict";
import { ownCopy } from "./ownCopy.ts";

Deno.test("ownCopy: what its giver changes afterwards does not change it, dates stay dates", () => {
  const placedAt = new Date(0);
  const given = { lines: [{ id: 1n }], bytes: Uint8Array.of(1), placedAt };
  const copy = ownCopy(given) as typeof given;
  given.lines[0]!.id = 2n;
  given.bytes[0] = 2;
  assert.deepEqual(copy, { lines: [{ id: 1n }], bytes: Uint8Array.of(1), placedAt });
});
