/** What the stand-in's model answers to one request, whatever the protocol. */
export interface ScriptedAnswer {
  /** The text in the pieces it is streamed in. @default ["Hello", ", ", "world"] */
  readonly text?: readonly string[];
  readonly toolCalls?: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
  /** @default "end", or "tools" where there are tool calls */
  readonly stop?: "end" | "length" | "refusal" | "tools";
  /** `null`: not told. @default 11 in, 7 out, nothing cached */
  readonly usage?: ScriptedUsage | null;
  readonly fault?: ScriptedFault;
  /** The answer's body is held back until this resolves. @default at once */
  readonly until?: Promise<void>;
}

/** Tokens as they are billed. */
export interface ScriptedUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

/** How a request goes wrong. */
export type ScriptedFault =
  | { readonly kind: "status"; readonly status: number; readonly headers?: Record<string, string> }
  /** Nothing ever comes; with `afterText` the stream begins and stops there. */
  | { readonly kind: "hang"; readonly afterText?: boolean }
  /** The connection is reset in the middle of an event, or of the body. */
  | { readonly kind: "reset" }
  /** The stream is closed as if it were complete, in the middle of an event. */
  | { readonly kind: "short" }
  /** An event, or a body, that is no JSON. */
  | { readonly kind: "no_json" }
  /** JSON of another shape. */
  | { readonly kind: "other_json" }
  /** An error told within the stream. */
  | { readonly kind: "error_event" };

/** What a request brought. */
export interface SeenRequest {
  readonly protocol: "anthropic" | "openai";
  readonly headers: Headers;
  // deno-lint-ignore no-explicit-any -- a body is whatever the test makes of it.
  readonly body: any;
  /** Resolves when the client has left a stream that hangs. */
  readonly left: Promise<void>;
}

/** The parts of a protocol that the server needs. */
export interface Protocol {
  readonly name: SeenRequest["protocol"];
  readonly path: string;
  /** What is wrong with a request, as the published protocol has it. */
  refuse(headers: Headers, body: unknown): { status: number; message: string } | undefined;
  errorBody(status: number, message: string): unknown;
  whole(answer: ScriptedAnswer, body: unknown): unknown;
  /** The stream's events as their text. */
  events(answer: ScriptedAnswer, body: unknown): string[];
  errorEvent(): string;
}

/** The text in pieces. */
export const textOf = ({ text }: ScriptedAnswer) => text ?? ["Hello", ", ", "world"];

/** The tokens that are told. */
export const usageOf = ({ usage }: ScriptedAnswer) => usage === undefined ? { input: 11, output: 7 } : usage;
