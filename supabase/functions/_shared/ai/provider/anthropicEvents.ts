import type { RawMessageStreamEvent } from "@anthropic-ai/sdk/resources/messages";
import type { ProviderAnswer, ProviderEvent, ToolCall } from "./aiProvider.ts";
import type { TokenUsage } from "./tokenUsage.ts";
import { AiProviderError } from "./aiProviderError.ts";
import { stopOf, usageOf } from "./anthropicMessages.ts";

/** Puts the events of a streamed answer together. */
export class EventCollector {
  /** Has the model begun to answer? */
  hasBegun = false;
  #text = "";
  #stop: string | undefined;
  #usage: TokenUsage | undefined;
  #isComplete = false;
  readonly #calls = new Map<number, { id: string; name: string; text: string }>();

  /** Takes an event and gives what it brings. */
  take(event: RawMessageStreamEvent): ProviderEvent | undefined {
    switch (event.type) {
      case "message_start":
        this.hasBegun = true;
        this.#usage = usageOf(event.message?.usage);
        return this.#usage === undefined ? undefined : { kind: "usage", usage: this.#usage };
      case "content_block_start":
        if (event.content_block?.type === "tool_use") {
          this.#calls.set(event.index, { id: event.content_block.id, name: event.content_block.name, text: "" });
        }
        return undefined;
      case "content_block_delta":
        if (event.delta?.type === "text_delta") {
          this.#text += event.delta.text;
          return { kind: "text", text: event.delta.text };
        }
        if (event.delta?.type === "input_json_delta") {
          const call = this.#calls.get(event.index);
          if (call !== undefined) call.text += event.delta.partial_json;
        }
        return undefined;
      case "message_delta":
        this.#stop = event.delta?.stop_reason ?? this.#stop;
        // Counts are cumulative; those of the input are told again only where they have changed.
        if (this.#usage !== undefined) {
          this.#usage = { ...this.#usage, outputTokens: event.usage?.output_tokens ?? this.#usage.outputTokens };
        }
        return undefined;
      case "message_stop":
        this.#isComplete = true;
        return undefined;
      default:
        return undefined; // Kinds of events that are younger than this code are to be skipped.
    }
  }

  /** The answer; throws where the stream ended before it. */
  answer(): ProviderAnswer {
    if (!this.#isComplete) {
      throw new AiProviderError("cut", "Anthropic ended its stream before the answer was complete");
    }
    return {
      text: this.#text,
      toolCalls: [...this.#calls.values()].map(({ id, name, text }): ToolCall => ({ id, name, input: inputOf(text) })),
      stop: stopOf(this.#stop),
      ...this.#usage === undefined ? {} : { usage: this.#usage },
    };
  }
}

function inputOf(text: string): unknown {
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}
