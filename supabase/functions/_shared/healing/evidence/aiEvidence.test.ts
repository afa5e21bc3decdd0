import assert from "node:assert/strict";
import type { MappingAdvisor, MappingProposal } from "../../ai/mappingAdvisor.ts";
import type { HealingPattern, PatternState } from "../patterns/healingPattern.ts";
import type { PatternProposal } from "../patterns/patternStore.ts";
import { column, pattern, schemaHash } from "../patterns/testing/patternFixture.ts";
import { aiEvidence, type AiEvidenceOptions } from "./aiEvidence.ts";
import type { NameOpinion } from "./evidence.ts";
import { questionOf, schemaOf } from "./testing/evidenceFixture.ts";

const columns = [column(1, "id", { type: "integer" }), column(2, "email"), column(3, "phone")];
const question = questionOf(columns, [{ post: "ann@example.org" }]);
const proposal: MappingProposal = { key: "post", column: "email", confidence: 0.9, reason: "looks like one" };

interface Desk extends AiEvidenceOptions {
  readonly advisor: MappingAdvisor;
  readonly calls: AbortSignal[];
  readonly proposed: PatternProposal[];
  readonly held: HealingPattern[];
  readonly claimed: Set<string>;
  readonly errors: unknown[];
}

/** Everything an advisor needs, in memory; `claimed` may be shared as a fleet does. */
function desk(
  propose: () => Promise<readonly MappingProposal[]> = () => Promise.resolve([proposal]),
  { claimed = new Set<string>(), held = [] as HealingPattern[], state = { kind: "probation" } as PatternState } = {},
): Desk {
  const calls: AbortSignal[] = [];
  const proposed: PatternProposal[] = [];
  const errors: unknown[] = [];
  return {
    calls,
    proposed,
    held,
    claimed,
    errors,
    advisor: { propose: (_question, { signal }) => (calls.push(signal), propose()) },
    claims: {
      claim(question) {
        const key = JSON.stringify(question);
        return Promise.resolve(!claimed.has(key) && claimed.add(key) !== undefined);
      },
    },
    patterns: {
      propose(list) {
        proposed.push(...list);
        const made = list.map((one, at) => pattern({ ...one, id: `p${held.length + at + 1}`, state }));
        held.push(...made);
        return Promise.resolve(made);
      },
    },
    shelf: { patternsOf: () => Promise.resolve(held), forget() {} },
    onError: (error) => errors.push(error),
  };
}

const tell = (opinions: readonly NameOpinion[]) =>
  opinions.map((one) => "isUnsure" in one ? `${one.name}?` : `${one.name}>${one.column?.name} ${one.patternId}`);

Deno.test("by default a proposal becomes a pattern on probation, is named, and decides nothing", async () => {
  const made = desk();
  const opinions = await aiEvidence(made).answer(question);
  assert.deepEqual(opinions, [{
    name: "post",
    isUnsure: true,
    alternatives: [{ column: "email", patternId: "p1", confidence: 0.9, reason: "looks like one" }],
  }]);
  assert.deepEqual(made.proposed, [{
    tableOid: 7,
    tableSchema: "public",
    tableName: "people",
    key: "post",
    targetAttnum: 2,
    targetColumn: "email",
    strategy: "ai",
    coercion: null,
    schemaHash,
  }]);
});

Deno.test("where it is applied it answers, too", async () => {
  const [opinion] = await aiEvidence({ ...desk(), mode: "apply" }).answer(question);
  assert.deepEqual(opinion, {
    name: "post",
    column: columns[1],
    evidence: { confidence: 0.9, reason: "looks like one" },
    confidence: 0.9,
    patternId: "p1",
  });
});

Deno.test("switched off, or without an advisor, nobody is asked", async () => {
  const made = desk();
  assert.deepEqual(await aiEvidence({ ...made, mode: "off" }).answer(question), []);
  assert.deepEqual(await aiEvidence({ ...made, advisor: undefined }).answer(question), []);
  assert.deepEqual([made.calls.length, made.claimed.size], [0, 0]);
});

Deno.test("many questions of one shape are one call, another shape or schema is another", async () => {
  const made = desk();
  const source = aiEvidence({ ...made, mode: "apply" });
  const all = await Promise.all(Array.from({ length: 20 }, () => source.answer(question)));
  for (const opinions of all) assert.deepEqual(tell(opinions), ["post>email p1"]);
  assert.deepEqual(tell(await source.answer(question)), ["post>email p1"]);
  assert.equal(made.calls.length, 1);
  await source.answer({ ...question, keys: ["id", "post"] });
  assert.equal(made.calls.length, 2);
  await source.answer({ ...question, keys: ["post", "id"] });
  assert.equal(made.calls.length, 2);
  await source.answer({ ...question, schema: schemaOf([question.table], { hash: "c".repeat(64) }) });
  assert.equal(made.calls.length, 3);
});

Deno.test("each payload is checked again: its values, its free columns, its open names", async () => {
  const made = desk(() => Promise.resolve([{ ...proposal, column: "id" }]));
  const source = aiEvidence({ ...made, mode: "apply" });
  const numbers = { ...question, keys: ["post", "other"], rows: [{ post: 5, other: 1 }] };
  assert.deepEqual(tell(await source.answer(numbers)), ["post>id p1"]);
  assert.deepEqual(tell(await source.answer({ ...numbers, rows: [{ post: "five" }] })), []);
  assert.deepEqual(tell(await source.answer({ ...numbers, columns: [columns[1]!] })), []);
  assert.deepEqual(tell(await source.answer({ ...numbers, names: ["other"] })), []);
  assert.equal(made.calls.length, 1);
});

Deno.test("another isolate does not ask, and finds what came of it among the patterns", async () => {
  const first = desk();
  const second = desk(undefined, { claimed: first.claimed, held: first.held });
  const [one, other] = [aiEvidence({ ...first, mode: "apply" }), aiEvidence({ ...second, mode: "apply" })];
  await one.answer(question);
  assert.deepEqual(tell(await other.answer(question)), ["post>email p1"]);
  first.held.splice(0, 1, pattern({ ...first.held[0]!, strategy: "matcher" }));
  assert.deepEqual(tell(await other.answer(question)), []);
  assert.equal(second.calls.length, 0);
});

Deno.test("what was rejected or refuted is not advised again", async () => {
  const rejected = desk(undefined, { state: { kind: "rejected", decidedBy: "ann" } });
  assert.deepEqual(await aiEvidence({ ...rejected, mode: "apply" }).answer(question), []);
  const refuted = desk();
  const source = aiEvidence({ ...refuted, mode: "apply" });
  assert.deepEqual(tell(await source.answer(question)), ["post>email p1"]);
  refuted.held[0] = pattern({ ...refuted.held[0]!, state: { kind: "demoted" } });
  assert.deepEqual(await source.answer(question), []);
});

Deno.test("a proposal below the threshold is not kept", async () => {
  const unsure = () => Promise.resolve([{ ...proposal, confidence: 0.79 }]);
  const made = desk(unsure);
  assert.deepEqual(await aiEvidence({ ...made, mode: "apply" }).answer(question), []);
  assert.deepEqual(made.proposed, []);
  assert.equal((await aiEvidence({ ...desk(unsure), minConfidence: 0.79 }).answer(question)).length, 1);
});

Deno.test("where values are shown to the advisor its reasons are kept out of the evidence", async () => {
  const [opinion] = await aiEvidence({ ...desk(), mode: "apply", samples: "values" }).answer(question);
  assert.deepEqual(opinion !== undefined && !("isUnsure" in opinion) && opinion.evidence, { confidence: 0.9 });
});

Deno.test("an advisor that fails, at once or late, is told once and not asked again", async () => {
  for (
    const fail of [() => Promise.reject(new Error("no")), () => {
      throw new Error("at once");
    }]
  ) {
    const made = desk(fail);
    const source = aiEvidence({ ...made, mode: "apply" });
    const all = await Promise.all([source.answer(question), source.answer(question), source.answer(question)]);
    assert.deepEqual([all, made.errors.length, made.calls.length], [[[], [], []], 1, 1]);
    assert.deepEqual(await source.answer(question), []);
    assert.equal(made.calls.length, 1);
  }
});

Deno.test("an advisor is waited for until the deadline, and then told to stop", async () => {
  const timers: [() => void, number][] = [];
  const clock = {
    now: () => 0,
    monotonic: () => 0,
    setTimer: (callback: () => void, delayMs: number) => (timers.push([callback, delayMs]), () => {}),
  };
  const made = desk(() => new Promise(() => {}));
  const answering = Promise.resolve(aiEvidence({ ...made, mode: "apply", clock }).answer(question));
  while (timers.length === 0) await new Promise((tick) => setTimeout(tick, 0));
  const [[fire, delayMs]] = timers as [[() => void, number]];
  assert.deepEqual([delayMs, made.calls[0]!.aborted], [3_000, false]);
  fire();
  assert.deepEqual(await answering, []);
  assert.ok(made.calls[0]!.aborted);
  assert.equal(made.errors.length, 1);
});

Deno.test("a claim that fails is tried again by the next question", async () => {
  const made = desk();
  let isDown = true;
  const claims = { claim: () => isDown ? Promise.reject(new Error("down")) : Promise.resolve(true) };
  const source = aiEvidence({ ...made, claims, mode: "apply" });
  await assert.rejects(async () => await source.answer(question), /down/);
  isDown = false;
  assert.deepEqual(tell(await source.answer(question)), ["post>email p1"]);
});
