import { type Protocol, type ScriptedAnswer, textOf, usageOf } from "./scriptedAnswer.ts";

/** Error types by status, as published. */
const errorTypes: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  500: "api_error",
  504: "timeout_error",
  529: "overloaded_error",
};

const stops = { end: "end_turn", length: "max_tokens", refusal: "refusal", tools: "tool_use" } as const;

const event = (data: { type: string }) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

function usage(answer: ScriptedAnswer) {
  const told = usageOf(answer);
  if (told === null) return undefined;
  return {
    input_tokens: told.input,
    output_tokens: told.output,
    cache_read_input_tokens: told.cacheRead ?? 0,
    cache_creation_input_tokens: told.cacheWrite ?? 0,
    cache_creation: null,
    service_tier: "standard",
  };
}

const stopOf = ({ stop, toolCalls = [] }: ScriptedAnswer) => stops[stop ?? (toolCalls.length > 0 ? "tools" : "end")];

/** Anthropic's `POST /v1/messages`, as far as we use it. */
export const anthropicProtocol: Protocol = {
  name: "anthropic",
  path: "/v1/messages",

  refuse(headers, sent) {
    // Both are taken: from its 1.x on the SDK sends the key as a bearer's token.
    const isKeyed = headers.has("x-api-key") || /^Bearer ./.test(headers.get("authorization") ?? "");
    if (!isKeyed) return { status: 401, message: "x-api-key header is required" };
    if (!headers.get("anthropic-version")) return { status: 400, message: "anthropic-version: header is required" };
    const bad = (message: string) => ({ status: 400, message });
    // deno-lint-ignore no-explicit-any -- checked right here.
    const body = sent as any;
    if (typeof body?.model !== "string") return bad("model: Field required");
    if (!Number.isInteger(body.max_tokens) || body.max_tokens < 1) return bad("max_tokens: Field required");
    if (!Array.isArray(body.messages) || body.messages.length === 0) {
      return bad("messages: at least one message is required");
    }
    for (const [index, { role, content }] of body.messages.entries()) {
      if (role !== "user" && role !== "assistant") {
        return bad(`messages.${index}.role: Input should be 'user' or 'assistant'`);
      }
      if (content === "" || (Array.isArray(content) && content.length === 0)) {
        return bad(`messages.${index}: all messages must have non-empty content`);
      }
      for (const block of Array.isArray(content) ? content : []) {
        if (block.type === "text" && block.text === "") return bad("messages: text content blocks must be non-empty");
        if (block.type !== "tool_result") continue;
        const asked = body.messages[index - 1]?.content;
        if (!Array.isArray(asked) || !asked.some((one) => one.type === "tool_use" && one.id === block.tool_use_id)) {
          return bad(`messages.${index}: unexpected 'tool_use_id' found in 'tool_result' blocks`);
        }
      }
    }
    if (body.messages[0].role !== "user") return bad("messages: first message must use the 'user' role");
    for (const tool of body.tools ?? []) {
      if (!/^[a-zA-Z0-9_-]{1,128}$/.test(tool.name)) return bad("tools.0.name: String should match the pattern");
      if (tool.input_schema?.type !== "object") return bad("tools.0.input_schema.type: Field required");
    }
    const format = body.output_config?.format;
    if (format !== undefined && (format.type !== "json_schema" || !isClosed(format.schema))) {
      return bad(
        "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false",
      );
    }
    return undefined;
  },

  errorBody: (status, message) => ({
    type: "error",
    error: { type: errorTypes[status] ?? "api_error", message },
    request_id: "req_standin",
  }),

  whole: (answer, body) => ({
    id: "msg_standin",
    type: "message",
    role: "assistant",
    model: (body as { model: string }).model,
    content: [
      ...textOf(answer).join("") === "" ? [] : [{ type: "text", text: textOf(answer).join(""), citations: null }],
      ...(answer.toolCalls ?? []).map((call) => ({ type: "tool_use", ...call })),
    ],
    stop_reason: stopOf(answer),
    stop_sequence: null,
    ...usage(answer) === undefined ? {} : { usage: usage(answer) },
  }),

  events(answer, body) {
    const told = usage(answer);
    const start = {
      type: "message_start",
      message: {
        ...(this.whole(answer, body) as object),
        content: [],
        stop_reason: null,
        ...told === undefined ? {} : { usage: { ...told, output_tokens: 1 } },
      },
    };
    const text = textOf(answer);
    const blocks: { type: string }[][] = [];
    if (text.join("") !== "") {
      blocks.push([
        { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as never,
        ...text.map((piece) =>
          ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: piece } }) as never
        ),
        { type: "content_block_stop", index: 0 } as never,
      ]);
    }
    for (const { id, name, input } of answer.toolCalls ?? []) {
      const index = blocks.length;
      const json = typeof input === "string" ? input : JSON.stringify(input);
      blocks.push([
        { type: "content_block_start", index, content_block: { type: "tool_use", id, name, input: {} } } as never,
        ...["", json.slice(0, 3), json.slice(3)].map((piece) =>
          ({ type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json: piece } }) as never
        ),
        { type: "content_block_stop", index } as never,
      ]);
    }
    return [
      start,
      { type: "ping" },
      ...blocks.flat(),
      {
        type: "message_delta",
        delta: { stop_reason: stopOf(answer), stop_sequence: null },
        usage: { output_tokens: told?.output_tokens ?? 0 },
      },
      { type: "message_stop" },
    ].map(event);
  },

  errorEvent: () => event(anthropicProtocol.errorBody(529, "Overloaded") as { type: string }),
};

/** Structured output wants every object closed. */
function isClosed(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return true;
  const { type, additionalProperties } = schema as Record<string, unknown>;
  if (type === "object" && additionalProperties !== false) return false;
  return Object.values(schema).every(isClosed);
}
