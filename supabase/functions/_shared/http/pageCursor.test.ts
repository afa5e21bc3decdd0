import assert from "node:assert/strict";
import * as z from "zod";
import { readCursor, writeCursor } from "./pageCursor.ts";

const Place = z.strictObject({ at: z.string(), id: z.number() });

Deno.test("a cursor gives back the place it was written for, whatever it holds", () => {
  const place = { at: "2026-11-26T08:00:00.123456Z / \u00f6\u00fc", id: 7 };
  const cursor = writeCursor("heals", place);
  assert.match(cursor, /^[\w-]+$/);
  assert.deepEqual(readCursor("heals", Place, cursor), place);
});

Deno.test("a cursor of another list, of another shape or of nobody is refused as input", () => {
  const cursors = [
    writeCursor("patterns", { at: "x", id: 7 }),
    writeCursor("heals", { at: "x", id: "7" }),
    writeCursor("heals", { at: "x", id: 7, more: 1 }),
    "",
    "!!!",
    "bnVsbA",
    "x".repeat(1_000),
  ];
  for (const cursor of cursors) {
    assert.throws(() => readCursor("heals", Place, cursor), { code: "invalid_input" }, cursor);
  }
});
