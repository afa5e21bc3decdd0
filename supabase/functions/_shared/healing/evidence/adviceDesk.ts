import type { MappingAdvisor, MappingProposal, MappingQuestion } from "../../ai/mappingAdvisor.ts";
import { BoundedMap } from "../../cache/boundedMap.ts";
import { type Clock, systemClock } from "../../time/clock.ts";
import { timeLimit } from "../../time/timeLimit.ts";
import type { PatternStore } from "../patterns/patternStore.ts";
import { checkProposals } from "./checkProposals.ts";
import type { NameQuestion } from "./evidence.ts";
import { keyShapeHash } from "./keyShapeHash.ts";
import type { PatternShelf } from "./patternShelf.ts";
import type { QuestionClaims } from "./questionClaims.ts";
import { type AdvisorSamples, toMappingQuestion } from "./toMappingQuestion.ts";

/** What is asked whom, and where the answers are kept. */
export interface AdviceDeskOptions {
  readonly advisor: MappingAdvisor;
  readonly claims: QuestionClaims;
  readonly patterns: Pick<PatternStore, "propose">;
  readonly shelf: PatternShelf;
  /** What the advisor is shown of values. @default "shapes" */
  readonly samples?: AdvisorSamples;
  /** The least confidence that a proposal is kept for. @default 0.8 */
  readonly minConfidence?: number;
  /** How long the advisor is waited for. @default 3_000 */
  readonly deadlineMs?: number;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Hears of an advisor that failed or was late. @default nobody */
  readonly onError?: (error: unknown) => void;
}

/** A mapping that an advisor proposed and that was found good, kept as a pattern. */
export interface Advice {
  readonly name: string;
  readonly attnum: number;
  /** At least; an isolate that did not ask itself knows no more than that it passed. */
  readonly confidence: number;
  readonly reason?: string;
  readonly patternId: string;
}

/** Asks an advisor, never twice the same in the whole fleet. */
export interface AdviceDesk {
  adviceFor(question: NameQuestion): Promise<readonly Advice[]>;
}

const mostRemembered = 1_000;

/**
 * Opens a desk. In the isolate many callers share one question and its answer; in the fleet a claimed row lets one of them
 * ask, and the others find what came of it among the patterns.
 */
export function openAdviceDesk(options: AdviceDeskOptions): AdviceDesk {
  const { advisor, claims, patterns, shelf, samples = "shapes" } = options;
  const { minConfidence = 0.8, deadlineMs = 3_000, clock = systemClock, onError = () => {} } = options;
  const remembered = new BoundedMap<string, Promise<readonly Advice[] | "asked elsewhere">>(mostRemembered);

  async function ask(question: NameQuestion, asked: MappingQuestion, keyShape: string) {
    const { table, schema } = question;
    if (!await claims.claim({ tableOid: table.oid, keyShape, schemaHash: schema.hash })) return "asked elsewhere";
    try {
      return await register(question, await consult(asked), asked);
    } catch (error) {
      onError(error);
      return [];
    }
  }

  async function consult(asked: MappingQuestion): Promise<readonly MappingProposal[]> {
    const controller = new AbortController();
    try {
      return await timeLimit(advisor.propose(asked, { signal: controller.signal }), deadlineMs, clock);
    } finally {
      controller.abort(); // Nobody waits for it any longer.
    }
  }

  async function register(question: NameQuestion, proposals: unknown, asked: MappingQuestion): Promise<Advice[]> {
    const { table, schema } = question;
    const good = checkProposals(proposals, asked, question).filter(({ confidence }) => confidence >= minConfidence);
    if (good.length === 0) return [];
    const kept = await patterns.propose(good.map(({ key, column }) => ({
      tableOid: table.oid,
      tableSchema: table.schema,
      tableName: table.name,
      key,
      targetAttnum: column.attnum,
      targetColumn: column.name,
      strategy: "ai",
      coercion: null,
      schemaHash: schema.hash,
    })));
    shelf.forget(table.oid);
    return good.flatMap(({ key: name, column: { attnum }, confidence, reason }) => {
      const pattern = kept.find(({ key, targetAttnum }) => key === name && targetAttnum === attnum);
      if (pattern === undefined) return [];
      // A reason may repeat what the advisor was shown, and evidence holds no values.
      return [{ name, attnum, confidence, patternId: pattern.id, ...samples === "shapes" ? { reason } : {} }];
    });
  }

  async function adviceOfOthers({ table, schema }: NameQuestion): Promise<Advice[]> {
    const ours = (await shelf.patternsOf(table.oid)).filter(({ strategy, state, schemaHash }) =>
      strategy === "ai" && state.kind === "probation" && schemaHash === schema.hash
    );
    return ours.map(({ key: name, targetAttnum: attnum, id: patternId }) => ({
      name,
      attnum,
      confidence: minConfidence,
      patternId,
    }));
  }

  /** What was advised may have been refuted, before or since, by an operator or by outcomes. */
  async function withoutRefuted({ table }: NameQuestion, advice: readonly Advice[]): Promise<readonly Advice[]> {
    if (advice.length === 0) return advice;
    const refuted = (await shelf.patternsOf(table.oid)).filter(({ state }) =>
      state.kind === "demoted" || state.kind === "rejected"
    );
    return advice.filter(({ patternId }) => !refuted.some(({ id }) => id === patternId));
  }

  return {
    async adviceFor(question) {
      const asked = toMappingQuestion(question, samples);
      if (asked === undefined) return [];
      const keyShape = await keyShapeHash([...question.keys, ...question.names]);
      const name = `${question.table.oid} ${question.schema.hash} ${keyShape}`;
      let advice = remembered.get(name);
      if (advice === undefined) {
        remembered.set(name, advice = ask(question, asked, keyShape));
        advice.catch(() => remembered.delete(name)); // It was not claimed: the next one may.
      }
      const known = await advice;
      return known === "asked elsewhere" ? await adviceOfOthers(question) : await withoutRefuted(question, known);
    },
  };
}
