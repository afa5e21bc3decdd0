import type { Message } from "@anthropic-ai/sdk/resources/messages";
import type { AiProvider, ProviderAnswer, ProviderEvent } from "./aiProvider.ts";
import { AiProviderError } from "./aiProviderError.ts";
import { toProviderError } from "./anthropicErrors.ts";
import { EventCollector } from "./anthropicEvents.ts";
import { stopOf, toMessagesBody, usageOf } from "./anthropicMessages.ts";
import type { AnthropicOptions, openAnthropicSdk } from "./anthropicSdk.ts";

type Sdk = ReturnType<typeof openAnthropicSdk>;

/** Anthropic's models through its own SDK, which is loaded at the first call: who asks no model does not pay for it. */
export function anthropicProvider(options: AnthropicOptions): AiProvider {
  const { now = Date.now } = options;
  let opening: Promise<Sdk> | undefined;
  const sdk = () => opening ??= import("./anthropicSdk.ts").then(({ openAnthropicSdk }) => openAnthropicSdk(options));

  return {
    name: "anthropic",
    async complete(call, { signal }) {
      const { messages } = await sdk();
      try {
        return answerOf(await messages.create(toMessagesBody(call), { signal }));
      } catch (error) {
        signal.throwIfAborted();
        throw toProviderError(error, now(), false);
      }
    },
    async *stream(call, { signal }): AsyncGenerator<ProviderEvent, void> {
      const { messages } = await sdk();
      const collector = new EventCollector();
      try {
        const events = await messages.create({ ...toMessagesBody(call), stream: true }, { signal });
        for await (const event of events) {
          const taken = collector.take(event);
          if (taken !== undefined) yield taken;
        }
      } catch (error) {
        signal.throwIfAborted();
        throw toProviderError(error, now(), collector.hasBegun);
      }
      signal.throwIfAborted(); // The SDK ends an aborted stream as if it were complete.
      yield { kind: "end", answer: collector.answer() };
    },
  };
}

function answerOf(message: Message): ProviderAnswer {
  // What the SDK gives is what the server sent, whatever its types say.
  if (!Array.isArray(message?.content)) {
    throw new AiProviderError("malformed", "Anthropic answered JSON of another shape");
  }
  const usage = usageOf(message.usage);
  return {
    text: message.content.map((block) => block.type === "text" ? block.text : "").join(""),
    toolCalls: message.content.flatMap((block) =>
      block.type === "tool_use" ? [{ id: block.id, name: block.name, input: block.input }] : []
    ),
    stop: stopOf(message.stop_reason),
    ...usage === undefined ? {} : { usage },
  };
}
