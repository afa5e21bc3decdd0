import type { ProviderAnswer, ProviderMessage } from "../provider/aiProvider.ts";
import type { AiRequest, AiResult, AiSource } from "./aiClient.ts";
import type { AiModel } from "./aiModels.ts";
import { addUsage, noTokens } from "../provider/tokenUsage.ts";
import type { Spent } from "./guardedProvider.ts";
import type { PreparedRequest } from "./preparedRequest.ts";
import { runTools } from "./runTools.ts";

/** A request on its way. */
export interface Running {
  readonly request: AiRequest;
  readonly model: AiModel;
  readonly prepared: PreparedRequest;
  readonly signal: AbortSignal;
  readonly deadline: { remainingMs(): number };
}

/** The rounds of one request: the conversation as it grows by tools, and what it has come to so far. */
export class Rounds {
  /** The conversation by now. */
  messages: readonly ProviderMessage[];
  readonly #running: Running;
  readonly #onError: (error: unknown) => void;
  readonly #spent: Spent[] = [];
  readonly #refused: string[] = [];
  #count = 0;

  constructor(running: Running, onError: (error: unknown) => void) {
    this.#running = running;
    this.#onError = onError;
    this.messages = running.prepared.call.messages;
  }

  /** Counts what an answer came to; nothing where it was at hand. */
  add(spent: Spent | undefined): void {
    if (spent !== undefined) this.#spent.push(spent);
  }

  /** Runs the tools that the answer calls; true where it calls none, or none may run any more. */
  async isLast(answer: ProviderAnswer): Promise<boolean> {
    const { request: { maxToolRounds = 4 }, prepared, signal } = this.#running;
    if (answer.toolCalls.length === 0) return true;
    if (this.#count === maxToolRounds) {
      this.#refused.push(...answer.toolCalls.map(({ name }) => name));
      return true;
    }
    this.#count += 1;
    const { messages, refused } = await runTools(answer, prepared, signal, this.#onError);
    this.#refused.push(...refused);
    this.messages = [...this.messages, ...messages];
    return false;
  }

  /** The last answer with everything that was spent on the way to it. */
  result({ text, stop }: ProviderAnswer): AiResult {
    const { prepared: { redaction, restores }, model } = this.#running;
    return {
      ...resultOf(redaction.show(text, restores), this.#spent.length > 0 ? "model" : "cache", stop),
      model: model.id,
      usage: this.#spent.map(({ usage }) => usage).reduce(addUsage, noTokens),
      costMicroUsd: this.#spent.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0),
      isEstimated: this.#spent.some(({ isEstimated }) => isEstimated),
      refusedTools: this.#refused,
    };
  }
}

/** A result that nothing was spent on. */
export function resultOf(text: string, source: AiSource, stop: AiResult["stop"]): AiResult {
  return { text, source, model: null, stop, usage: noTokens, costMicroUsd: 0, isEstimated: false, refusedTools: [] };
}
