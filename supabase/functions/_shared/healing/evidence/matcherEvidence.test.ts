import assert from "node:assert/strict";
import { column } from "../patterns/testing/patternFixture.ts";
import type { NameOpinion } from "./evidence.ts";
import { matcherEvidence } from "./matcherEvidence.ts";
import { historyOf, questionOf } from "./testing/evidenceFixture.ts";

const orders = [
  column(1, "id", { type: "bigint" }),
  column(2, "customer_email"),
  column(3, "total", { type: "numeric(10,2)" }),
  column(4, "subtotal", { type: "numeric(10,2)" }),
];

const tell = (opinion: NameOpinion | undefined) =>
  opinion === undefined || "isUnsure" in opinion ? undefined : opinion.column?.name;

async function ask(columns: typeof orders, row: Record<string, unknown>) {
  return await matcherEvidence().answer(questionOf(columns, [row]));
}

Deno.test("a misspelled name means its column, with reasons and alternatives and without any value", async () => {
  const [opinion] = await ask(orders, { custmer_email: "ann@example.org" });
  assert.ok(opinion !== undefined && !("isUnsure" in opinion));
  assert.equal(opinion.column, orders[1]);
  assert.ok(opinion.confidence >= 0.95);
  assert.ok((opinion.evidence.reasons as string[]).length > 0);
  assert.equal((opinion.alternatives?.[0] as { column: string }).column, "customer_email");
  assert.ok(!JSON.stringify(opinion).includes("example.org"));
});

Deno.test("a value that only a coercion makes fit does not speak against a slip of the keys", async () => {
  assert.equal(tell((await ask(orders, { subtotla: "1,931.87" }))[0]), "subtotal");
  assert.equal(tell((await ask(orders, { subtotla: "a dozen" }))[0]), undefined);
});

Deno.test("a name whose nearest column is taken is not given to the next one", async () => {
  const phones = [column(1, "phone"), column(2, "phone_number")];
  assert.equal(tell((await ask(phones, { phon: "+4912345678" }))[0]), "phone");
  assert.equal(tell((await ask(phones, { phone: "+4912345678", phon: "+4912345679" }))[0]), undefined);
});

Deno.test("a name whose nearest column is generated is not given to the next one", async () => {
  const totals = column(2, "totals", { type: "numeric" });
  assert.equal(tell((await ask([totals], { totl: 5 }))[0]), "totals");
  const total = column(1, "total", { type: "numeric", isGenerated: true });
  assert.equal(tell((await ask([total, totals], { totl: 5 }))[0]), undefined);
});

Deno.test("a value that would not land without loss speaks against the column, and a null does not", async () => {
  const rows = (...values: unknown[]) => values.map((totl) => ({ totl }));
  const judge = async (values: unknown[]) => {
    const [opinion] = await matcherEvidence().answer(questionOf(orders, rows(...values)));
    return tell(opinion);
  };
  assert.equal(await judge([5, "7.25", null]), "total");
  assert.equal(await judge([5, 7.255]), undefined);
});

Deno.test("a value that does not fit is found in the last of many rows", async () => {
  const rows = Array.from({ length: 500 }, (_, at) => ({ totl: at === 498 ? 1.005 : at }));
  const [opinion] = await matcherEvidence().answer(questionOf(orders, rows));
  assert.equal(tell(opinion), undefined);
});

Deno.test("labels count for an enum and not for a list of it", async () => {
  const mood = {
    oid: 50,
    schema: "public",
    name: "mood",
    labels: [{ oid: 1, label: "calm" }, { oid: 2, label: "wild" }],
  };
  const columns = [
    column(1, "mood", { type: "mood", typeOid: 50 }),
    column(2, "hues", { type: "mood[]", typeOid: 51 }),
  ];
  const judge = async (row: Record<string, unknown>) => {
    const question = questionOf(columns, [row]);
    const schema = { ...question.schema, snapshot: { ...question.schema.snapshot, enums: [mood] } };
    return (await matcherEvidence().answer({ ...question, schema })).map(tell);
  };
  assert.deepEqual(await judge({ moood: "calm" }), ["mood"]);
  assert.deepEqual(await judge({ moood: "furious" }), [undefined]);
  assert.deepEqual(await judge({ huess: ["calm"] }), ["hues"]);
});

Deno.test("nothing is matched where nothing is free or where it would take too much", async () => {
  const question = questionOf(orders, [{ totl: 5 }]);
  assert.deepEqual(await matcherEvidence().answer({ ...question, columns: [] }), []);
  assert.deepEqual(await matcherEvidence({ mostPairs: 3 }).answer(question), []);
});

Deno.test("a slip that is as near to a name that another column had is nobody's", async () => {
  const columns = [column(1, "payer_name"), column(2, "amount")];
  const judge = async (former: Readonly<Record<string, number>>) => {
    const evidence = matcherEvidence({ history: historyOf(former) });
    return tell((await evidence.answer(questionOf(columns, [{ payr_name: "Ann" }])))[0]);
  };
  assert.equal(await judge({}), "payer_name");
  assert.equal(await judge({ payee_name: 9 }), undefined);
});
