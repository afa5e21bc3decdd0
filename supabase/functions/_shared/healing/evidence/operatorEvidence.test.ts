import assert from "node:assert/strict";
import type { HealingPattern } from "../patterns/healingPattern.ts";
import { column, pattern, table } from "../patterns/testing/patternFixture.ts";
import { operatorEvidence, type OperatorEvidenceOptions } from "./operatorEvidence.ts";
import { historyOf, questionOf, schemaOf, shelfOf } from "./testing/evidenceFixture.ts";
import { weighEvidence } from "./weighEvidence.ts";

const columns = [column(1, "id"), column(2, "email"), column(3, "phone")];
const approved = (options: Partial<HealingPattern> = {}) =>
  pattern({ state: { kind: "approved", decidedBy: "ann" }, ...options });

async function weigh(options: OperatorEvidenceOptions, row: Record<string, unknown> = { mail: 1 }) {
  const { answers, undecided, considered } = await weighEvidence(questionOf(columns, [row]), [
    operatorEvidence(options),
  ]);
  return {
    answers: answers.map(({ name, column, patternId = "-" }) => `${name}>${column?.name} ${patternId}`),
    undecided,
    dropped: considered.map(({ name, reason }) => `${name} ${reason}`),
  };
}

Deno.test("approved patterns and the developer's mappings are certain", async () => {
  const told = await weigh({ shelf: shelfOf(approved()), mappings: { people: { tel: "phone" } } }, {
    mail: 1,
    tel: 2,
    x: 3,
  });
  assert.deepEqual(told, { answers: ["mail>email p1", "tel>phone -"], undecided: ["x"], dropped: [] });
});

Deno.test("a pattern that nobody approved, or that is another schema's, is not the operator's word", async () => {
  const others = [
    pattern({ state: { kind: "active" } }),
    approved({ schemaHash: "b".repeat(64) }),
    approved({ tableOid: 8 }),
  ];
  assert.deepEqual((await weigh({ shelf: shelfOf(...others) })).undecided, ["mail"]);
});

Deno.test("a table is named with its schema or without, another table's mapping is not heard", async () => {
  for (const name of ["people", "public.people"]) {
    assert.deepEqual((await weigh({ mappings: { [name]: { mail: "email" } } })).answers, ["mail>email -"]);
  }
  for (const name of ["persons", "other.people"]) {
    assert.deepEqual((await weigh({ mappings: { [name]: { mail: "email" } } })).undecided, ["mail"]);
  }
});

Deno.test("people who say the same are one, people who differ decide nothing", async () => {
  const mappings = { people: { mail: "email" } };
  assert.deepEqual(
    (await weigh({ shelf: shelfOf(approved(), approved({ id: "p2", coercion: "x" })), mappings })).answers,
    [
      "mail>email p1",
    ],
  );
  const told = await weigh({ shelf: shelfOf(approved({ targetAttnum: 3 })), mappings });
  assert.deepEqual(told, { answers: [], undecided: ["mail"], dropped: ["mail contested", "mail contested"] });
});

Deno.test("a mapping outlives the renaming of its table and of its column", async () => {
  const history = historyOf({ e_mail: 2, fax: 9 }, { "public.persons": 7, "public.people": 8 });
  const mappings = { persons: { mail: "e_mail", copy: "fax", odd: "nowhere" } };
  const told = await weigh({ mappings, history }, { mail: 1, copy: 2, odd: 3 });
  assert.deepEqual(told, { answers: ["mail>email -", "copy>undefined -"], undecided: ["odd"], dropped: [] });
});

Deno.test("a name that another table has by now is that table's", async () => {
  const people = table(columns);
  const persons = { ...table([column(1, "email")]), oid: 9, name: "persons" };
  const question = { ...questionOf(columns, [{ mail: 1 }]), schema: schemaOf([people, persons]) };
  const history = historyOf({}, { "public.persons": 7 });
  const source = operatorEvidence({ mappings: { persons: { mail: "email" } }, history });
  assert.deepEqual(await source.answer(question), []);
});

Deno.test("what is inherited is no mapping", async () => {
  assert.deepEqual((await weigh({ mappings: { people: {} } }, { toString: 1 })).undecided, ["toString"]);
});
