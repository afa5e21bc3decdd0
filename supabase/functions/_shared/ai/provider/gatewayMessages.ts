import * as z from "zod";
import type { ProviderAnswer, ProviderCall, ProviderMessage, StopReason, ToolCall } from "./aiProvider.ts";
import type { TokenUsage } from "./tokenUsage.ts";

/** The body of `chat/completions` for a call. */
export function toChatBody(call: ProviderCall, isStreamed: boolean): Record<string, unknown> {
  const { model, system, messages, maxTokens, maxTokensField = "max_tokens", temperature, tools, answerSchema } = call;
  return {
    model,
    messages: [...system === "" ? [] : [{ role: "system", content: system }], ...messages.flatMap(toChatMessages)],
    [maxTokensField]: maxTokens,
    ...temperature === undefined ? {} : { temperature },
    ...tools.length === 0 ? {} : {
      tools: tools.map(({ name, description, input }) => ({
        type: "function",
        function: { name, description, parameters: input },
      })),
    },
    ...answerSchema === undefined ? {} : {
      response_format: { type: "json_schema", json_schema: { name: "answer", schema: answerSchema, strict: true } },
    },
    ...isStreamed ? { stream: true, stream_options: { include_usage: true } } : {},
  };
}

function toChatMessages(message: ProviderMessage): Record<string, unknown>[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: message.text }];
    case "tool":
      return message.results.map(({ callId, text }) => ({ role: "tool", tool_call_id: callId, content: text }));
    case "assistant":
      return [{
        role: "assistant",
        content: message.text === "" && message.toolCalls.length > 0 ? null : message.text,
        ...message.toolCalls.length === 0 ? {} : {
          tool_calls: message.toolCalls.map(({ id, name, input }) => ({
            id,
            type: "function",
            function: { name, arguments: JSON.stringify(input ?? {}) },
          })),
        },
      }];
  }
}

const usage = z.object({
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
});

/** A completion in one piece, as far as we read it. */
export const ChatCompletion = z.object({
  choices: z.array(z.object({
    message: z.object({
      content: z.string().nullish(),
      refusal: z.string().nullish(),
      tool_calls: z.array(z.object({
        id: z.string(),
        function: z.object({ name: z.string(), arguments: z.string() }),
      })).nullish(),
    }),
    finish_reason: z.string().nullish(),
  })).min(1),
  usage: usage.nullish(),
});

/** One chunk of a streamed completion. The last one may have usage and no choice; some gateways send an error in one. */
export const ChatChunk = z.object({
  choices: z.array(z.object({
    delta: z.object({
      content: z.string().nullish(),
      refusal: z.string().nullish(),
      tool_calls: z.array(z.object({
        index: z.number(),
        id: z.string().nullish(),
        function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
      })).nullish(),
    }).nullish(),
    finish_reason: z.string().nullish(),
  })).nullish(),
  usage: usage.nullish(),
  error: z.looseObject({ code: z.unknown(), message: z.unknown() }).nullish(),
});

/** An answer in one piece. */
export function answerOfCompletion({ choices, usage }: z.output<typeof ChatCompletion>): ProviderAnswer {
  const { message, finish_reason } = choices[0]!;
  const toolCalls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: text } }) =>
    toToolCall(id, name, text)
  );
  return {
    text: message.content ?? message.refusal ?? "",
    toolCalls,
    stop: isRefusal(message.refusal) ? "refusal" : stopOf(finish_reason, toolCalls),
    ...usage ? { usage: usageOf(usage) } : {},
  };
}

/** Puts the chunks of a streamed answer together. */
export class ChunkCollector {
  #text = "";
  #refusal = "";
  #finish: string | undefined;
  #usage: TokenUsage | undefined;
  readonly #calls = new Map<number, { id: string; name: string; text: string }>();

  /** Takes a chunk and gives the text it brings. */
  take({ choices, usage }: z.output<typeof ChatChunk>): string {
    if (usage) this.#usage = usageOf(usage);
    const choice = choices?.[0];
    if (choice?.finish_reason) this.#finish = choice.finish_reason;
    for (const { index, id, function: called } of choice?.delta?.tool_calls ?? []) {
      const call = this.#calls.get(index) ?? { id: "", name: "", text: "" };
      this.#calls.set(index, {
        id: call.id || (id ?? ""),
        name: call.name || (called?.name ?? ""),
        text: call.text + (called?.arguments ?? ""),
      });
    }
    this.#refusal += choice?.delta?.refusal ?? "";
    const text = choice?.delta?.content ?? choice?.delta?.refusal ?? "";
    this.#text += text;
    return text;
  }

  /** The answer, if the model has said that it is complete. */
  answer(): ProviderAnswer | undefined {
    if (this.#finish === undefined) return undefined;
    const toolCalls = [...this.#calls.values()].map(({ id, name, text }) => toToolCall(id, name, text));
    return {
      text: this.#text,
      toolCalls,
      stop: isRefusal(this.#refusal) ? "refusal" : stopOf(this.#finish, toolCalls),
      ...this.#usage === undefined ? {} : { usage: this.#usage },
    };
  }
}

const isRefusal = (refusal: string | null | undefined) => refusal !== undefined && refusal !== null && refusal !== "";

function toToolCall(id: string, name: string, text: string): ToolCall {
  try {
    return { id, name, input: text === "" ? {} : JSON.parse(text) };
  } catch {
    return { id, name, input: undefined };
  }
}

function stopOf(reason: string | null | undefined, toolCalls: readonly ToolCall[]): StopReason {
  if (toolCalls.length > 0) return "tools"; // Some gateways say `stop` all the same.
  if (reason === "length") return "length";
  return reason === "content_filter" ? "refusal" : "end";
}

function usageOf({ prompt_tokens, completion_tokens, prompt_tokens_details }: z.output<typeof usage>): TokenUsage {
  const cacheReadTokens = Math.min(prompt_tokens, prompt_tokens_details?.cached_tokens ?? 0);
  return {
    inputTokens: prompt_tokens - cacheReadTokens,
    outputTokens: completion_tokens,
    cacheReadTokens,
    cacheWriteTokens: 0,
  };
}
