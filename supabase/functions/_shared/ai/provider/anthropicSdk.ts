import { BaseAnthropic } from "@anthropic-ai/sdk/client";
import { Messages } from "@anthropic-ai/sdk/resources/messages";

/** Which key, and where to. */
export interface AnthropicOptions {
  readonly apiKey: string;
  /** @default "https://api.anthropic.com" */
  readonly baseUrl?: string;
  /** @default the runtime's */
  readonly fetch?: typeof fetch;
  /** The time of day, for dates in `Retry-After`. @default Date.now */
  readonly now?: () => number;
}

/** Longer than any request lives: deadlines are their caller's. */
const timeoutMs = 600_000;

const silent = { error() {}, warn() {}, info() {}, debug() {} };

/**
 * The SDK with its messages alone: 0.35 MB of a bundle instead of 1.4 MB. It tries once, and it says nothing by itself: its
 * log would hold what models are asked.
 */
export function openAnthropicSdk({ apiKey, baseUrl = "https://api.anthropic.com", fetch }: AnthropicOptions) {
  const client = new BaseAnthropic({
    apiKey,
    authToken: null,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: timeoutMs,
    logger: silent,
    logLevel: "off",
    ...fetch === undefined ? {} : { fetch },
  });
  return { messages: new Messages(client) };
}
