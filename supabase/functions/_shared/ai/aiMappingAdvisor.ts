import * as z from "zod";
import { defaultKnobs, type KnobReader } from "../optimizer/knobs/knobReader.ts";
import { isolateHub } from "../telemetry/kernelHub.ts";
import type { KernelObserver } from "../telemetry/kernelObserver.ts";
import { timeLimit } from "../time/timeLimit.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { advisorDeadlineKnob } from "./advisorKnobs.ts";
import type { AiClient, AiPart } from "./client/aiClient.ts";
import type { MappingAdvisor, MappingProposal, MappingQuestion } from "./mappingAdvisor.ts";
import { advisorPrompt } from "./prompts/advisorPrompt.ts";
import type { Prompt, PromptReader } from "./prompts/prompt.ts";
import { renderPrompt } from "./prompts/renderPrompt.ts";

/** How an advisor asks. */
export interface AiMappingAdvisorOptions {
  /** A name of the configuration of models. @default the prompt's */
  readonly model?: string;
  /** Where the prompt's words are kept. @default the words that come along */
  readonly prompts?: PromptReader;
  /** Hears why kept words could not be used. @default nobody */
  readonly onError?: (error: unknown) => void;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Whose budget it is. @default "healing" */
  readonly caller?: string;
  /** @default the knob's: 3_000 */
  readonly deadlineMs?: number;
  /** @default defaultKnobs */
  readonly knobs?: KnobReader;
  /** Hears how long answers took, and which came too late. @default isolateHub */
  readonly observer?: KernelObserver;
}

const Answer = z.object({
  proposals: z.array(z.object({
    key: z.string(),
    column: z.string(),
    confidence: z.number().min(0).max(1),
    reason: z.string().max(500),
  })),
});

/** Words that are not to be had at once are not waited for: those that come along do as well. */
const promptLimitMs = 500;

/**
 * Asks a model what keys mean. The question goes as data, redacted, and the answer is held to a schema; a proposal that names what
 * was not asked or not offered is dropped, and so are those that claim one key or one column twice.
 */
export function aiMappingAdvisor(
  client: Pick<AiClient, "extract">,
  options: AiMappingAdvisorOptions = {},
): MappingAdvisor {
  const { model, caller = "healing", prompts, onError = () => {}, clock = systemClock } = options;
  const { knobs = defaultKnobs, observer = isolateHub } = options;

  /** The question in the words that are kept for it; whatever is wrong with them costs no answer. */
  async function ask(
    question: MappingQuestion,
  ): Promise<{ readonly prompt: Prompt; readonly parts: readonly AiPart[] }> {
    try {
      const kept = await timeLimit(
        prompts?.find(advisorPrompt.name) ?? Promise.resolve(undefined),
        promptLimitMs,
        clock,
      );
      if (kept !== undefined) return { prompt: kept, parts: renderPrompt(kept, { question }).parts };
    } catch (error) {
      onError(error);
    }
    return { prompt: advisorPrompt, parts: [{ kind: "data", name: "question", data: JSON.stringify(question) }] };
  }

  /** Runs a question, and tells whether it was answered within its limit. */
  async function told<Result>(limitMs: number, question: () => Promise<Result>): Promise<Result> {
    const startedAt = clock.monotonic();
    let hasFailed = true;
    try {
      const result = await question();
      hasFailed = false;
      return result;
    } finally {
      const tookMs = clock.monotonic() - startedAt;
      observer.called("ai.advisor", tookMs, hasFailed);
      observer.counted("ai.advisor.calls");
      if (hasFailed) observer.counted("ai.advisor.failures");
      if (hasFailed && tookMs >= limitMs) observer.counted("ai.advisor.timeouts");
    }
  }

  return {
    async propose(question, { signal }) {
      const { prompt, parts } = await ask(question);
      const deadlineMs = options.deadlineMs ?? knobs.read(advisorDeadlineKnob);
      const { value } = await told(deadlineMs, () =>
        client.extract(Answer, {
          prompt: { name: prompt.name, version: prompt.version },
          caller,
          model: model ?? prompt.model,
          system: prompt.system,
          messages: [{ role: "user", parts }],
          maxTokens: prompt.maxTokens,
          deadlineMs,
          signal,
          // A column may be called like an address looks; what was hidden of names comes back, and is then found on the list.
          restores: ["email", "key", "token", "card", "secret"],
        }));
      const keys = new Set(question.keys.map(({ key }) => key));
      const columns = new Set(question.columns.map(({ name }) => name));
      const known = value.proposals.filter(({ key, column }) => keys.has(key) && columns.has(column));
      const isOnly = (field: "key" | "column") => (one: MappingProposal) =>
        known.filter((other) => other[field] === one[field]).length === 1;
      return known.filter(isOnly("key")).filter(isOnly("column"));
    },
  };
}
