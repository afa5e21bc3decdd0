import assert from "node:assert/strict";
import { valueKinds } from "./valueKind.ts";
import { profileValues, toText } from "./valueProfile.ts";

Deno.test("toText writes values as a column would show them", () => {
  assert.equal(toText(new Date(0)), "1970-01-01T00:00:00.000Z");
  assert.equal(toText({ a: 1 }), '{"a":1}');
  assert.equal(toText(12n), "12");
  for (const blank of [null, undefined, "  ", new Date(NaN)]) assert.equal(toText(blank), undefined);
});

Deno.test("toText takes what JSON cannot write as no evidence", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  assert.equal(toText(cyclic), undefined);
});

Deno.test("profileValues counts kinds, blanks and distinct values", () => {
  const profile = profileValues(["1", "2", "2", null, "x@example.com"], 50);
  assert.equal(profile.count, 4);
  assert.equal(profile.blankFraction, 0.2);
  assert.equal(profile.distinctFraction, 0.75);
  assert.equal(profile.kinds[valueKinds.indexOf("integer")], 0.75);
  assert.equal(profile.kinds[valueKinds.indexOf("email")], 0.25);
});

Deno.test("profileValues spreads its samples over all values", () => {
  const values = Array.from({ length: 1_000 }, (_, at) => at < 500 ? "word" : 7);
  const profile = profileValues(values, 10);
  assert.equal(profile.count, 10);
  assert.equal(profile.kinds[valueKinds.indexOf("word")], 0.5);
});
