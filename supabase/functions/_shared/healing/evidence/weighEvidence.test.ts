import assert from "node:assert/strict";
import { column } from "../patterns/testing/patternFixture.ts";
import type { EvidenceSource, NameAnswer } from "./evidence.ts";
import { questionOf, sourceOf } from "./testing/evidenceFixture.ts";
import { weighEvidence, type WeighOptions } from "./weighEvidence.ts";

const total = column(1, "total");
const tax = column(2, "tax");
const sum = column(3, "sum", { isGenerated: true });
const filled = column(4, "filled");
const columns = [total, tax, sum, filled];

const question = (...names: string[]) => {
  const keys = Object.fromEntries([...names, "filled"].map((name) => [name, 1]));
  return questionOf(columns, [keys]);
};
const says = (name: string, meant: NameAnswer["column"]): NameAnswer => ({
  name,
  column: meant,
  evidence: {},
  confidence: 1,
});

async function weigh(names: string[], sources: EvidenceSource[], options?: WeighOptions) {
  const { answers, undecided, considered } = await weighEvidence(question(...names), sources, options);
  return {
    answers: answers.map(({ name, column, strategy }) => `${strategy}: ${name}>${column?.name}`),
    undecided,
    considered: considered.map(({ name, strategy, reason, column }) => `${strategy}: ${name}>${column} ${reason}`),
  };
}

Deno.test("the strongest is asked first, each only about what is open", async () => {
  const matcher = sourceOf("matcher", false, () => [says("b", tax)]);
  const rename = sourceOf("catalog_rename", true, () => Promise.resolve([says("a", total)]));
  const convention = sourceOf("convention", true, () => []);
  const told = await weigh(["a", "b", "c"], [matcher, convention, rename]);
  assert.deepEqual(told, {
    answers: ["catalog_rename: a>total", "matcher: b>tax"],
    undecided: ["c"],
    considered: [],
  });
  assert.deepEqual(rename.asked[0]!.names, ["a", "b", "c"]);
  for (const later of [convention, matcher]) {
    assert.deepEqual(later.asked[0]!.names, ["b", "c"]);
    assert.deepEqual(later.asked[0]!.columns, [tax]);
    assert.deepEqual(later.asked[0]!.keys, ["a", "b", "c", "filled"]);
  }
});

Deno.test("nobody is asked once all is decided", async () => {
  const matcher = sourceOf("matcher", false, () => []);
  await weigh(["a"], [sourceOf("operator", true, () => [says("a", total)]), matcher]);
  assert.equal(matcher.asked.length, 0);
});

Deno.test("a name that has no column for certain is not guessed at", async () => {
  const matcher = sourceOf("matcher", false, () => [says("a", total)]);
  const told = await weigh(["a"], [sourceOf("catalog_rename", true, () => [says("a", undefined)]), matcher]);
  assert.deepEqual(told, { answers: ["catalog_rename: a>undefined"], undecided: [], considered: [] });
  assert.equal(matcher.asked.length, 0);
});

Deno.test("answers that collide are all dropped, and the rest of the source's stand", async () => {
  const matcher = sourceOf("matcher", false, () => [
    says("a", total),
    says("b", total),
    says("c", tax),
    says("d", sum),
    says("e", filled),
    says("f", column(9, "nowhere")),
    says("zzz", tax),
  ]);
  assert.deepEqual(await weigh(["a", "b", "c", "d", "e", "f"], [matcher]), {
    answers: ["matcher: c>tax"],
    undecided: ["a", "b", "d", "e", "f"],
    considered: [
      "matcher: a>total contested",
      "matcher: b>total contested",
      "matcher: d>sum generated",
      "matcher: e>filled not_free",
      "matcher: f>nowhere not_free",
      "matcher: zzz>tax not_asked",
    ],
  });
});

Deno.test("an answer that nobody asked for withdraws nothing, however certain its source", async () => {
  const chatty = sourceOf("operator", true, () => [says("zzz", total)]);
  const { answers } = await weigh(["a"], [chatty, sourceOf("matcher", false, () => [says("a", total)])]);
  assert.deepEqual(answers, ["matcher: a>total"]);
});

Deno.test("two answers for one name are none", async () => {
  const source = sourceOf("ai", false, () => [says("a", total), says("a", tax)]);
  const { answers, undecided } = await weigh(["a"], [source]);
  assert.deepEqual([answers, undecided], [[], ["a"]]);
});

Deno.test("after an uncertain collision weaker sources are asked, after a certain one they are not", async () => {
  for (const isCertain of [true, false]) {
    const stronger = sourceOf("pattern", isCertain, () => [says("a", total), says("b", total)]);
    const weaker = sourceOf("matcher", false, () => [says("a", total), says("c", tax)]);
    const { answers, undecided } = await weigh(["a", "b", "c"], [stronger, weaker]);
    if (isCertain) {
      assert.deepEqual([answers, undecided], [["matcher: c>tax"], ["a", "b"]]);
      assert.deepEqual(weaker.asked[0]!.names, ["c"]);
      assert.deepEqual(weaker.asked[0]!.columns, [tax]);
    } else assert.deepEqual([answers, undecided], [["matcher: a>total", "matcher: c>tax"], ["b"]]);
  }
});

Deno.test("a name that certainly means a column the payload fills itself is not given to another", async () => {
  const weaker = sourceOf("matcher", false, () => [says("a", total)]);
  const told = await weigh(["a"], [sourceOf("catalog_rename", true, () => [says("a", filled)]), weaker]);
  assert.deepEqual([told.answers, told.undecided], [[], ["a"]]);
  assert.deepEqual(told.considered, ["catalog_rename: a>filled not_free"]);
});

Deno.test("a generated column may be meant where the question offers it", async () => {
  const asked = { ...question("a"), columns: [sum] };
  const { answers } = await weighEvidence(asked, [sourceOf("catalog_rename", true, () => [says("a", sum)])]);
  assert.equal(answers[0]?.column, sum);
});

Deno.test("a source that fails is told and skipped; behind a certain one that failed nobody guesses", async () => {
  for (
    const fail of [() => Promise.reject(new Error("late")), () => {
      throw new Error("at once");
    }]
  ) {
    for (const isCertain of [true, false]) {
      const told: string[] = [];
      const failing = sourceOf(isCertain ? "operator" : "pattern", isCertain, fail);
      const convention = sourceOf("convention", true, () => [says("a", total)]);
      const matcher = sourceOf("matcher", false, () => [says("b", tax)]);
      const { answers, undecided } = await weigh(["a", "b"], [failing, convention, matcher], {
        onError(_error, strategy) {
          told.push(strategy);
          throw new Error("a listener of ill will");
        },
      });
      assert.deepEqual(told, [failing.strategy]);
      assert.deepEqual(answers, ["convention: a>total", ...isCertain ? [] : ["matcher: b>tax"]]);
      assert.deepEqual(undecided, isCertain ? ["b"] : []);
    }
  }
});

Deno.test("with isCertainOnly only certain sources are asked", async () => {
  const matcher = sourceOf("matcher", false, () => [says("a", total)]);
  const convention = sourceOf("convention", true, () => [says("b", tax)]);
  const { answers, undecided } = await weigh(["a", "b"], [matcher, convention], { isCertainOnly: true });
  assert.deepEqual([answers, undecided], [["convention: b>tax"], ["a"]]);
});

Deno.test("what a source is unsure of decides nothing and is kept", async () => {
  const unsure = sourceOf("matcher", false, () => [{ name: "a", isUnsure: true, alternatives: [{ column: "tax" }] }]);
  const { answers, undecided, considered } = await weighEvidence(question("a"), [unsure]);
  assert.deepEqual([answers, undecided], [[], ["a"]]);
  assert.deepEqual(considered, [
    { name: "a", strategy: "matcher", reason: "unsure", alternatives: [{ column: "tax" }] },
  ]);
});

Deno.test("sources that answer at once are weighed without a wait between them", async () => {
  const order: string[] = [];
  const first = sourceOf("convention", true, () => (order.push("first"), []));
  const second = sourceOf("matcher", false, () => (order.push("second"), []));
  const weighing = weigh(["a"], [first, second]);
  order.push("caller");
  await weighing;
  assert.deepEqual(order, ["first", "second", "caller"]);
});
