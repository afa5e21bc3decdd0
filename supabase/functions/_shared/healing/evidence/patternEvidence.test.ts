import assert from "node:assert/strict";
import type { HealingPattern } from "../patterns/healingPattern.ts";
import { column, pattern } from "../patterns/testing/patternFixture.ts";
import type { NameOpinion } from "./evidence.ts";
import { patternEvidence } from "./patternEvidence.ts";
import { questionOf, shelfOf } from "./testing/evidenceFixture.ts";

const columns = [column(1, "id"), column(2, "email"), column(3, "phone")];
const outcomes = { successes: 28, failures: 0 };
const active = (options: Partial<HealingPattern> = {}) => pattern({ state: { kind: "active" }, outcomes, ...options });

async function ask(...patterns: HealingPattern[]): Promise<readonly NameOpinion[]> {
  return await patternEvidence(shelfOf(...patterns)).answer(questionOf(columns, [{ mail: 1, tel: 2 }]));
}

Deno.test("an active pattern answers, as sure as its outcomes make it", async () => {
  const [opinion, ...others] = await ask(active());
  assert.ok(opinion !== undefined && !("isUnsure" in opinion));
  assert.deepEqual([opinion.name, opinion.column?.name, opinion.patternId], ["mail", "email", "p1"]);
  assert.ok(Math.abs(opinion.confidence - 0.05 ** (1 / 29)) < 1e-9);
  assert.deepEqual(opinion.evidence, outcomes);
  assert.deepEqual(others, []);
});

Deno.test("what is on probation, or disagrees, is named and decides nothing", async () => {
  for (
    const patterns of [[pattern()], [pattern({ state: { kind: "demoted" } })], [
      active(),
      active({ id: "p2", targetAttnum: 3 }),
    ]]
  ) {
    const opinions = await ask(...patterns);
    assert.equal(opinions.length, 1);
    const [opinion] = opinions;
    assert.ok(opinion !== undefined && "isUnsure" in opinion);
    assert.deepEqual(
      opinion.alternatives.map((one) => (one as { patternId: string }).patternId),
      patterns.map(({ id }) => id),
    );
  }
});

Deno.test("rejected patterns and those of another schema are not even named", async () => {
  assert.deepEqual(
    await ask(pattern({ state: { kind: "rejected", decidedBy: "ann" } }), active({ schemaHash: "b".repeat(64) })),
    [],
  );
});
