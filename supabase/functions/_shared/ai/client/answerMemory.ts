import { BoundedMap } from "../../cache/boundedMap.ts";
import { coalesce } from "../../policies/coalesce.ts";
import type { Clock } from "../../time/clock.ts";
import type { ProviderAnswer, ProviderCall } from "../provider/aiProvider.ts";
import type { GuardedAnswer } from "./guardedProvider.ts";

/** How much an isolate remembers. */
export interface AnswerMemoryOptions {
  readonly clock: Clock;
  /** @default 500 */
  readonly maxAnswers?: number;
}

interface Kept {
  readonly answer: ProviderAnswer;
  readonly untilMs: number;
}

/**
 * Answers of this isolate that may be given again, each to its own caller only. What is kept are answers as the model gave them, with
 * placeholders for what was hidden.
 */
export class AnswerMemory {
  readonly #clock: Clock;
  readonly #kept: BoundedMap<string, Kept>;
  readonly #calls = coalesce();

  constructor({ clock, maxAnswers = 500 }: AnswerMemoryOptions) {
    this.#clock = clock;
    this.#kept = new BoundedMap(maxAnswers);
  }

  /** The answer to a caller's question: kept, on its way, or asked for now. Without `guarded` nothing was spent on it. */
  async answer(
    question: {
      readonly caller: string;
      readonly provider: string;
      readonly call: ProviderCall;
      readonly reuseMs: number;
    },
    ask: (signal: AbortSignal) => Promise<GuardedAnswer>,
    signal: AbortSignal,
  ): Promise<{ readonly answer: ProviderAnswer; readonly guarded?: GuardedAnswer }> {
    const { caller, provider, call, reuseMs } = question;
    const key = await hashOf([caller, provider, call]);
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.untilMs > this.#clock.monotonic()) return { answer: kept.answer };
    let guarded: GuardedAnswer | undefined;
    const { answer } = await this.#calls.execute(async (shared) => guarded = await ask(shared.signal), { key, signal });
    if (guarded === undefined) return { answer }; // Somebody else had asked, and pays.
    // What was cut off, or refused, may come out better the next time.
    if (reuseMs > 0 && answer.stop === "end") {
      this.#kept.set(key, { answer, untilMs: this.#clock.monotonic() + reuseMs });
    }
    return { answer, guarded };
  }
}

async function hashOf(value: unknown): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(value)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
