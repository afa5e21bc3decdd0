import assert from "node:assert/strict";
import { column } from "../patterns/testing/patternFixture.ts";
import { renameEvidence } from "./renameEvidence.ts";
import { historyOf, questionOf, schemaOf } from "./testing/evidenceFixture.ts";
import { weighEvidence } from "./weighEvidence.ts";

const columns = [column(1, "id"), column(2, "amount"), column(3, "totals")];

Deno.test("a former name means its column by the name that it has now", async () => {
  const source = renameEvidence(historyOf({ total: 2 }));
  assert.deepEqual(await source.answer(questionOf(columns, [{ total: 5, other: 1 }])), [
    { name: "total", column: columns[1], evidence: { attnum: 2 }, confidence: 1 },
  ]);
});

Deno.test("a name whose column is gone means none, near as another may be", async () => {
  const source = renameEvidence(historyOf({ total: 9 }));
  assert.deepEqual(await source.answer(questionOf(columns, [{ total: 5 }])), [
    { name: "total", column: undefined, evidence: { attnum: 9, isDropped: true }, confidence: 1 },
  ]);
});

Deno.test("a former name after another convention means the same column", async () => {
  const source = renameEvidence(historyOf({ net_total: 2, grand_total: 9 }));
  const answers = await source.answer(questionOf(columns, [{ netTotal: 5, "Grand-Total": 1 }]));
  assert.deepEqual(answers, [
    { name: "netTotal", column: columns[1], evidence: { attnum: 2, spelling: "net_total" }, confidence: 1 },
    {
      name: "Grand-Total",
      column: undefined,
      evidence: { attnum: 9, spelling: "grand_total", isDropped: true },
      confidence: 1,
    },
  ]);
});

Deno.test("a former name after another convention yields to a column that is spelled so now", async () => {
  assert.deepEqual(await renameEvidence(historyOf({ TOTALS: 2 })).answer(questionOf(columns, [{ Totals: 5 }])), []);
});

Deno.test("a spelling that two columns once had is nobody's", async () => {
  const source = renameEvidence(historyOf({ netTotal: 2, net_total: 3 }));
  const { answers, undecided } = await weighEvidence(questionOf(columns, [{ "net-total": 5 }]), [source]);
  assert.deepEqual([answers, undecided], [[], ["net-total"]]);
});

Deno.test("the history is asked for the table, and for what the schema has seen", async () => {
  const asked: unknown[] = [];
  const history = {
    ...historyOf({}),
    columnPast: (...all: unknown[]) => (asked.push(all), historyOf({}).columnPast(7)),
  };
  const question = questionOf(columns, [{ total: 5 }]);
  await renameEvidence(history).answer({ ...question, schema: schemaOf([question.table], { version: 12 }) });
  assert.deepEqual(asked, [[7, 12]]);
});

Deno.test("two former names of one column are both set aside", async () => {
  const question = questionOf(columns, [{ total: 5, sum: 6 }]);
  const { answers, undecided } = await weighEvidence(question, [renameEvidence(historyOf({ total: 2, sum: 2 }))]);
  assert.deepEqual([answers, undecided], [[], ["total", "sum"]]);
});
