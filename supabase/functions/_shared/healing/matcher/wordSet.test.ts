import assert from "node:assert/strict";
import { WordSet } from "./wordSet.ts";

Deno.test("WordSet has every word that was put in, and few others", () => {
  const words = Array.from({ length: 2_000 }, (_, at) => `word${at}`);
  const set = WordSet.of(words);
  assert.ok(words.every((word) => set.has(word)));
  const others = Array.from({ length: 10_000 }, (_, at) => `other${at}`).filter((word) => set.has(word));
  assert.ok(others.length < 200, String(others.length));
});

Deno.test("WordSet of no words has none", () => {
  assert.equal(WordSet.of([]).has("word"), false);
});
