import assert from "node:assert/strict";
import { column } from "../patterns/testing/patternFixture.ts";
import { checkProposals } from "./checkProposals.ts";
import { questionOf } from "./testing/evidenceFixture.ts";
import { toMappingQuestion } from "./toMappingQuestion.ts";

const columns = [column(1, "email"), column(2, "age", { type: "integer" }), column(3, "phone"), column(4, "taken")];
const question = questionOf(columns, [{ mail: "a", years: 41, tel: "1", taken: 1 }, { years: "42" }]);
const check = (proposals: unknown) =>
  checkProposals(proposals, toMappingQuestion(question, "shapes")!, question).map(({ key, column }) =>
    `${key}>${column.name}`
  );
const says = (key: string, column: string) => ({ key, column, confidence: 0.9, reason: "alike" });

Deno.test("a key that was asked, a column that was offered, values that fit", () => {
  assert.deepEqual(check([says("mail", "email"), says("years", "age")]), ["mail>email", "years>age"]);
  assert.deepEqual(
    check([says("taken", "email"), says("mail", "taken"), says("mail", "password"), says("x", "phone")]),
    [],
  );
});

Deno.test("of proposals that collide none is left", () => {
  assert.deepEqual(check([says("mail", "email"), says("tel", "email"), says("years", "age")]), ["years>age"]);
  assert.deepEqual(check([says("mail", "email"), says("mail", "phone")]), []);
});

Deno.test("a value that would lose something, in any row, speaks against it", () => {
  assert.deepEqual(check([says("mail", "age")]), []);
  const rows = [...question.rows, { years: "forty" }];
  assert.deepEqual(
    checkProposals([says("years", "age")], toMappingQuestion(question, "shapes")!, { ...question, rows }),
    [],
  );
});

Deno.test("what is no proposal is passed over, and a reason is cut", () => {
  const proposal = says("mail", "email");
  const odd = [null, 5, {}, { ...proposal, confidence: NaN }, { ...proposal, confidence: 1.1 }, {
    ...proposal,
    reason: 1,
  }];
  for (const proposals of [undefined, "text", {}, ...odd.map((one) => [one])]) assert.deepEqual(check(proposals), []);
  const long = { ...proposal, reason: "r".repeat(9_999) };
  assert.equal(checkProposals([long], toMappingQuestion(question, "shapes")!, question)[0]!.reason.length, 500);
});
