import type { TokenUsage } from "./tokenUsage.ts";

/** A tool that the model wants to be run. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote it; `undefined` where that was no JSON. */
  readonly input: unknown;
}

/** What a tool gave. */
export interface ToolResult {
  readonly callId: string;
  readonly text: string;
  readonly isError: boolean;
}

/** One turn of a conversation. */
export type ProviderMessage =
  | { readonly role: "user"; readonly text: string }
  | { readonly role: "assistant"; readonly text: string; readonly toolCalls: readonly ToolCall[] }
  | { readonly role: "tool"; readonly results: readonly ToolResult[] };

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A tool as a model is told of it. */
export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  readonly input: JsonSchema;
}

/** One call of a model, with nothing in it that must not leave. */
export interface ProviderCall {
  readonly model: string;
  readonly system: string;
  /** May the provider keep the system prompt and the tools in its prompt cache? */
  readonly isSystemCached: boolean;
  readonly messages: readonly ProviderMessage[];
  readonly maxTokens: number;
  /** What the provider calls `maxTokens` where the model wants another name than usual. */
  readonly maxTokensField?: string;
  /** @default the provider's */
  readonly temperature?: number;
  readonly tools: readonly OfferedTool[];
  /** The answer shall be JSON of this schema. @default text */
  readonly answerSchema?: JsonSchema;
}

/** Why a model stopped. */
export type StopReason = "end" | "length" | "tools" | "refusal";

/** What a model answered. */
export interface ProviderAnswer {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly stop: StopReason;
  /** Not all gateways tell. */
  readonly usage?: TokenUsage;
}

/** A part of a streamed answer. `usage` may come early and counts what is known by then; `end` comes last and once. */
export type ProviderEvent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "usage"; readonly usage: TokenUsage }
  | { readonly kind: "end"; readonly answer: ProviderAnswer };

/**
 * One company's models. A provider tries once: what to do about a failure is its caller's to decide. Failures are
 * `AiProviderError`s; when the signal aborts, its reason is thrown.
 */
export interface AiProvider {
  /** Whose models they are, as the configuration of models names them. */
  readonly name: string;
  complete(call: ProviderCall, options: { readonly signal: AbortSignal }): Promise<ProviderAnswer>;
  stream(call: ProviderCall, options: { readonly signal: AbortSignal }): AsyncIterable<ProviderEvent>;
}
