import assert from "node:assert/strict";
import { column } from "../patterns/testing/patternFixture.ts";
import { valuesFit } from "./valuesFit.ts";

const snapshot = { tables: [], enums: [] };
const integer = column(1, "count", { type: "integer", isNullable: false });

Deno.test("values fit if none of them would lose anything", () => {
  assert.ok(valuesFit([{ n: 1 }, { n: "2" }], "n", integer, snapshot));
  assert.ok(!valuesFit([{ n: 1 }, { n: "2.5" }], "n", integer, snapshot));
  assert.ok(!valuesFit([{ n: 1 }], "n", column(1, "shape", { type: "geometry" }), snapshot));
});

Deno.test("a null, a missing key and what is inherited say nothing", () => {
  assert.ok(valuesFit([{ n: null }, {}, { n: undefined }], "n", integer, snapshot));
  assert.ok(valuesFit([{}], "toString", integer, snapshot));
});
