import assert from "node:assert/strict";
import { column } from "../patterns/testing/patternFixture.ts";
import { questionOf } from "./testing/evidenceFixture.ts";
import { toMappingQuestion } from "./toMappingQuestion.ts";

const columns = [
  column(1, "id", { isNullable: false, defaultExpression: "nextval('ids')" }),
  column(2, "email"),
  column(3, "mood", { type: "mood", typeOid: 50 }),
];
const mood = { oid: 50, schema: "public", name: "mood", labels: [{ oid: 1, label: "calm" }] };

Deno.test("the free columns are offered and the unknown keys described, without values", () => {
  const question = questionOf(columns, [
    { email: "x", mail: "ann@example.org", temper: "calm" },
    { mail: null },
  ]);
  const schema = { ...question.schema, snapshot: { ...question.schema.snapshot, enums: [mood] } };
  assert.deepEqual(toMappingQuestion({ ...question, schema }, "shapes"), {
    table: "public.people",
    columns: [
      { name: "id", type: "text", isNullable: false, default: "nextval('ids')" },
      { name: "mood", type: "mood", isNullable: true, enumLabels: ["calm"] },
    ],
    keys: [
      { key: "mail", shapes: ["text, 15 chars, email-like, letters and marks", "null"] },
      { key: "temper", shapes: ["text, 4 chars, word-like, letters"] },
    ],
  });
});

Deno.test("what fits nowhere is not asked, nor what has no value; a column that takes none of the values is not offered", () => {
  const question = questionOf(
    [column(1, "age", { type: "integer", typeOid: 23 }), column(2, "born", { type: "date" })],
    [
      { years: "41", mail: "ann@example.org", gone: null },
    ],
  );
  const asked = toMappingQuestion(question, "shapes");
  assert.deepEqual([asked?.keys.map(({ key }) => key), asked?.columns.map(({ name }) => name)], [["years"], ["age"]]);
  assert.equal(toMappingQuestion({ ...question, names: ["mail", "gone"] }, "shapes"), undefined);
});

Deno.test("values are sent only where that is allowed, and cut", () => {
  const asked = toMappingQuestion(questionOf(columns, [{ mail: "y".repeat(1_000) }, { mail: 5n }]), "values");
  assert.deepEqual(asked?.keys[0]?.values?.map((text) => text.length), [200, 3]);
});

Deno.test("keys that are too long, empty or cannot be stored are left out", () => {
  const keys = ["k".repeat(200), "k".repeat(201), "", "nul\u0000", "lone\ud800"];
  const question = questionOf(columns, [Object.fromEntries(keys.map((key) => [key, 1]))]);
  assert.deepEqual(toMappingQuestion(question, "shapes")?.keys.map(({ key }) => key.length), [200]);
  assert.equal(toMappingQuestion({ ...question, names: keys.slice(1) }, "shapes"), undefined);
});

Deno.test("nothing is asked of more than 100 unknown keys, and none without a free column", () => {
  const rowOf = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 1]));
  assert.equal(toMappingQuestion(questionOf(columns, [rowOf(100)]), "shapes")?.keys.length, 100);
  assert.equal(toMappingQuestion(questionOf(columns, [rowOf(101)]), "shapes"), undefined);
  assert.equal(toMappingQuestion({ ...questionOf(columns, [rowOf(1)]), columns: [] }, "shapes"), undefined);
});
