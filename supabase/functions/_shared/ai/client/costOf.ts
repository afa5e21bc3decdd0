import type { ProviderCall } from "../provider/aiProvider.ts";
import type { TokenUsage } from "../provider/tokenUsage.ts";
import type { AiModel } from "./aiModels.ts";

/** What a call costs in millionths of a dollar, rounded up: a budget never loses by rounding. */
export function costOf(model: AiModel, usage: TokenUsage): number {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const length = inputTokens + cacheReadTokens + cacheWriteTokens;
  const { longPrompt } = model;
  const price = longPrompt !== undefined && length >= longPrompt.fromTokens ? longPrompt : model;
  const { input, output, cacheRead = input, cacheWrite = input } = price;
  const cost = inputTokens * input + outputTokens * output + cacheReadTokens * cacheRead +
    cacheWriteTokens * cacheWrite;
  return Math.ceil(Number(cost.toFixed(6))); // 0.1 * 3 is no 0.30000000000000004 of a cent.
}

/** What providers add of their own to a prompt, for tools and for schemas. */
const ownTokens = 1_000;

/**
 * The most that a call can use: a token is never less than a byte of what is sent, and an answer never longer than it may be.
 * Cheaper guesses, such as four characters a token, are passed by a text in Thai.
 */
export function mostTokens(call: ProviderCall, model: AiModel): TokenUsage {
  const { system, messages, tools, answerSchema, maxTokens } = call;
  const text = JSON.stringify([system, messages, tools, answerSchema ?? null]);
  const inputTokens = new TextEncoder().encode(text).length + ownTokens;
  // What is written to a prompt cache costs more than what is not.
  const isWritten = call.isSystemCached && (model.cacheWrite ?? 0) > model.input;
  return {
    inputTokens: isWritten ? 0 : inputTokens,
    outputTokens: maxTokens,
    cacheReadTokens: 0,
    cacheWriteTokens: isWritten ? inputTokens : 0,
  };
}
