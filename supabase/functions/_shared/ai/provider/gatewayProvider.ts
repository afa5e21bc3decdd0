import * as z from "zod";
import type { AiProvider, ProviderAnswer, ProviderCall, ProviderEvent } from "./aiProvider.ts";
import { AiProviderError, failureOfStatus, retryAfterOf } from "./aiProviderError.ts";
import { answerOfCompletion, ChatChunk, ChatCompletion, ChunkCollector, toChatBody } from "./gatewayMessages.ts";
import { readEvents } from "./readEvents.ts";

/** Which gateway, and with which key. */
export interface GatewayOptions {
  /** Up to and without `/chat/completions`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** @default the runtime's */
  readonly fetch?: typeof fetch;
  /** The time of day, for dates in `Retry-After`. @default Date.now */
  readonly now?: () => number;
}

const longestQuote = 500;

/** Any gateway that speaks OpenAI's `chat/completions`: Lovable's, OpenAI's own, and their kin. */
export function gatewayProvider(options: GatewayOptions): AiProvider {
  const { apiKey, fetch: send = fetch, now = Date.now } = options;
  const url = `${options.baseUrl.replace(/\/+$/, "")}/chat/completions`;

  async function post(call: ProviderCall, isStreamed: boolean, signal: AbortSignal): Promise<Response> {
    const response = await send(url, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      body: JSON.stringify(toChatBody(call, isStreamed)),
      signal,
    }).catch((cause) => {
      signal.throwIfAborted();
      throw new AiProviderError("unreachable", "Cannot reach the gateway", { cause });
    });
    if (response.ok) return response;
    const { status, headers } = response;
    const text = await response.text().catch(() => "");
    signal.throwIfAborted();
    throw new AiProviderError(failureOfStatus(status), `Gateway answered ${status}: ${text.slice(0, longestQuote)}`, {
      status,
      retryAfterMs: retryAfterOf(headers, now()),
    });
  }

  return {
    name: "gateway",
    async complete(call, { signal }) {
      const response = await post(call, false, signal);
      const text = await response.text().catch((cause) => {
        signal.throwIfAborted();
        throw new AiProviderError("cut", "Gateway closed the connection within its answer", { cause });
      });
      return answerOfCompletion(parse(ChatCompletion, text));
    },
    async *stream(call, { signal }): AsyncGenerator<ProviderEvent, void> {
      const response = await post(call, true, signal);
      if (response.body === null) throw new AiProviderError("malformed", "Gateway answered without a body");
      const collector = new ChunkCollector();
      try {
        for await (const { data } of readEvents(response.body)) {
          if (data === "[DONE]") break;
          const chunk = parse(ChatChunk, data);
          if (chunk.error) throw errorInStream(chunk.error);
          const text = collector.take(chunk);
          if (text !== "") yield { kind: "text", text };
        }
      } catch (cause) {
        signal.throwIfAborted();
        if (cause instanceof AiProviderError) throw cause;
        throw new AiProviderError("cut", "Gateway closed the connection within its stream", { cause });
      }
      signal.throwIfAborted();
      yield { kind: "end", answer: completeAnswer(collector.answer()) };
    },
  };
}

function completeAnswer(answer: ProviderAnswer | undefined): ProviderAnswer {
  if (answer === undefined) throw new AiProviderError("cut", "Gateway ended its stream before the answer was complete");
  return answer;
}

/** The status came as 200 already; the code says what it would have been, where it is a number. */
function errorInStream({ code, message }: { code?: unknown; message?: unknown }): AiProviderError {
  const status = Number(code);
  const kind = status >= 400 && status < 600 ? failureOfStatus(status) : "failed";
  // Something of the answer was there: it may be billed.
  const known = kind === "failed" || kind === "overloaded" ? "cut" : kind;
  return new AiProviderError(known, `Gateway failed within its stream: ${String(message).slice(0, longestQuote)}`);
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AiProviderError("malformed", `Gateway answered no JSON: ${text.slice(0, longestQuote)}`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AiProviderError("malformed", "Gateway answered JSON of another shape", { cause: parsed.error });
}
