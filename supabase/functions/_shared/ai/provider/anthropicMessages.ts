import type { MessageCreateParamsNonStreaming, MessageParam, Usage } from "@anthropic-ai/sdk/resources/messages";
import type { ProviderCall, ProviderMessage, StopReason } from "./aiProvider.ts";
import type { TokenUsage } from "./tokenUsage.ts";

/** The body of `messages` for a call. */
export function toMessagesBody(call: ProviderCall): MessageCreateParamsNonStreaming {
  const { model, system, isSystemCached, messages, maxTokens, temperature, tools, answerSchema } = call;
  return {
    model,
    max_tokens: maxTokens,
    messages: messages.map(toMessage),
    ...temperature === undefined ? {} : { temperature },
    // The mark at the end of the system prompt covers the tools as well: they stand before it.
    ...system === "" ? {} : {
      system: [{ type: "text", text: system, ...isSystemCached ? { cache_control: { type: "ephemeral" } } : {} }],
    },
    ...tools.length === 0 ? {} : {
      tools: tools.map(({ name, description, input }) => ({
        name,
        description,
        input_schema: input as { type: "object" },
      })),
    },
    ...answerSchema === undefined ? {} : {
      output_config: { format: { type: "json_schema", schema: { ...answerSchema } } },
    },
  };
}

function toMessage(message: ProviderMessage): MessageParam {
  switch (message.role) {
    case "user":
      return { role: "user", content: message.text };
    case "tool":
      return {
        role: "user",
        content: message.results.map(({ callId, text, isError }) => ({
          type: "tool_result",
          tool_use_id: callId,
          content: text,
          is_error: isError,
        })),
      };
    case "assistant": {
      const { text, toolCalls } = message;
      return {
        role: "assistant",
        content: [
          ...text === "" ? [] : [{ type: "text" as const, text }],
          ...toolCalls.map(({ id, name, input }) => ({ type: "tool_use" as const, id, name, input: input ?? {} })),
        ],
      };
    }
  }
}

/** Why the model stopped, in our words. */
export function stopOf(reason: string | null | undefined): StopReason {
  switch (reason) {
    case "tool_use":
      return "tools";
    case "refusal":
      return "refusal";
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length";
    default:
      return "end";
  }
}

/** Tokens as they are billed. */
export function usageOf(usage: Partial<Usage> | null | undefined): TokenUsage | undefined {
  if (typeof usage?.input_tokens !== "number") return undefined;
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens ?? 0,
    cacheReadTokens: usage.cache_read_input_tokens ?? 0,
    cacheWriteTokens: usage.cache_creation_input_tokens ?? 0,
  };
}
