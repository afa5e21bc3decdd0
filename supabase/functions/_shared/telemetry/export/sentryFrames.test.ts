import assert from "node:assert/strict";
import { sentryFrames } from "./sentryFrames.ts";

Deno.test("frames are those of the stack, the outermost first, and no words of the message", () => {
  function thrower(): never {
    throw new Error("boom\n    at secret (words:1:2)");
  }
  try {
    thrower();
  } catch (error) {
    const frames = sentryFrames(error as Error);
    assert.equal(frames.at(-1)?.function, "thrower");
    assert.ok(frames.at(-1)!.filename.endsWith("sentryFrames.test.ts"));
    assert.ok(frames.every(({ filename }) => filename !== "words"));
  }
});

Deno.test("a stack that is long, broken or none has no frames", () => {
  const of = (stack: string | undefined) =>
    sentryFrames({ name: "E", message: "m", ...stack === undefined ? {} : { stack } });
  assert.deepEqual(of(undefined), []);
  assert.deepEqual(of(`    at ${"x".repeat(100_000)}:1:1`), []);
  assert.deepEqual(of("E: m\n    at nowhere"), []);
  assert.deepEqual(of("E: m\n    at file:///a.ts:3:4"), [{ filename: "file:///a.ts", lineno: 3, colno: 4 }]);
});
