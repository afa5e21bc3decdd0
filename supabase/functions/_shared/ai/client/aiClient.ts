import type * as z from "zod";
import type { SecretKind } from "../hygiene/secretSpans.ts";
import type { StopReason } from "../provider/aiProvider.ts";
import type { TokenUsage } from "../provider/tokenUsage.ts";

/** A part of what a user says: words of our own, or data from outside, which the model sees as a block that it cannot leave. */
export type AiPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "data"; readonly name: string; readonly data: string };

/** One turn of a conversation. */
export type AiMessage =
  | { readonly role: "user"; readonly parts: readonly AiPart[] }
  | { readonly role: "assistant"; readonly text: string };

/** A tool that the caller lends to the model. */
export interface AiTool<Input extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly description: string;
  /** What the model sends is checked against it before anything runs. */
  readonly input: Input;
  run(input: z.output<Input>, options: { readonly signal: AbortSignal }): Promise<unknown> | unknown;
}

/** What a model is asked. */
export interface AiRequest {
  /** What it is asked for: usage is booked on it, and offline rules are found by its name. */
  readonly prompt: { readonly name: string; readonly version: number };
  /** Whose budget it is, and who alone may get the answer again. */
  readonly caller: string;
  /** A name of the configuration of models. */
  readonly model: string;
  /** Words of our own; nothing from outside is ever in it. */
  readonly system: string;
  readonly messages: readonly AiMessage[];
  readonly maxTokens: number;
  /** @default the model's */
  readonly temperature?: number;
  readonly tools?: readonly AiTool[];
  /** The tools that may run; the others are not offered, and a call of one is refused. @default none */
  readonly allowedTools?: readonly string[];
  /** How often the model may go on after tools have run. @default 4 */
  readonly maxToolRounds?: number;
  /** What of the hidden comes back in the answer; the rest stays a placeholder. @default ["email"] */
  readonly restores?: readonly SecretKind[];
  /**
   * The same question of the same caller gets the same answer for so long, and 0: while it is on its way. Only without tools and
   * without a temperature. @default never
   */
  readonly reuseMs?: number;
  /** @default 30_000 */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /** What offline rules are told. @default {} */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** Where an answer comes from. */
export type AiSource = "model" | "cache" | "offline-rules" | "fallback";

/** An answer and what it came to. */
export interface AiResult {
  readonly text: string;
  readonly source: AiSource;
  /** `null` where no model was asked. */
  readonly model: string | null;
  readonly stop: StopReason;
  /** Nothing where the answer is from the cache or by rules. */
  readonly usage: TokenUsage;
  /** In millionths of a dollar. */
  readonly costMicroUsd: number;
  /** Nobody told what it used: it is booked as the most that it can have been. */
  readonly isEstimated: boolean;
  /** Tools that the model called and that were not on the list. */
  readonly refusedTools: readonly string[];
}

/** A part of a streamed answer; `end` comes last and once. */
export type AiStreamEvent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "end"; readonly result: AiResult };

/** Asks models: budgeted, behind a circuit, within a deadline, with nothing secret leaving. Rejects with `AppError`s. */
export interface AiClient {
  complete(request: AiRequest): Promise<AiResult>;
  /** The answer as it comes. Whoever stops reading ends the call. */
  stream(request: AiRequest): AsyncIterable<AiStreamEvent>;
  /** An answer that fits the schema; one that does not is sent back once. Objects of the schema are closed, without optional fields. */
  extract<Schema extends z.ZodType>(
    schema: Schema,
    request: AiRequest,
  ): Promise<AiResult & { readonly value: z.output<Schema> }>;
}
