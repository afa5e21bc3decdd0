import { type Protocol, type ScriptedAnswer, textOf, usageOf } from "./scriptedAnswer.ts";

const stops = { end: "stop", length: "length", refusal: "content_filter", tools: "tool_calls" } as const;

const stopOf = ({ stop, toolCalls = [] }: ScriptedAnswer) => stops[stop ?? (toolCalls.length > 0 ? "tools" : "end")];

const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;

function usage(answer: ScriptedAnswer) {
  const told = usageOf(answer);
  if (told === null) return undefined;
  const prompt = told.input + (told.cacheRead ?? 0);
  return {
    prompt_tokens: prompt,
    completion_tokens: told.output,
    total_tokens: prompt + told.output,
    prompt_tokens_details: { cached_tokens: told.cacheRead ?? 0 },
  };
}

const argumentsOf = (input: unknown) => typeof input === "string" ? input : JSON.stringify(input);

/** OpenAI's `POST /v1/chat/completions`, as far as we use it. */
export const openaiProtocol: Protocol = {
  name: "openai",
  path: "/v1/chat/completions",

  refuse(headers, sent) {
    if (!/^Bearer ./.test(headers.get("authorization") ?? "")) {
      return { status: 401, message: "You didn't provide an API key" };
    }
    const bad = (message: string) => ({ status: 400, message });
    // deno-lint-ignore no-explicit-any -- checked right here.
    const body = sent as any;
    if (typeof body?.model !== "string") return bad("you must provide a model parameter");
    if (!Array.isArray(body.messages) || body.messages.length === 0) return bad("'messages' is too short");
    const asked = new Set<string>();
    for (const [index, message] of body.messages.entries()) {
      if (!["system", "user", "assistant", "tool"].includes(message.role)) {
        return bad(`Invalid value: messages[${index}].role`);
      }
      for (const call of message.tool_calls ?? []) {
        if (typeof call.function?.arguments !== "string") return bad("Invalid type for 'arguments': expected a string");
        asked.add(call.id);
      }
      if (message.role === "tool" && !asked.has(message.tool_call_id)) {
        return bad("messages with role 'tool' must be a response to a preceding message with 'tool_calls'");
      }
      if (message.content === null && message.tool_calls === undefined) {
        return bad("Invalid value for 'content': got null");
      }
    }
    for (const tool of body.tools ?? []) {
      if (tool.type !== "function" || !/^[a-zA-Z0-9_-]{1,64}$/.test(tool.function?.name)) {
        return bad("Invalid 'tools[0]'");
      }
    }
    if (body.stream_options !== undefined && body.stream !== true) {
      return bad("The 'stream_options' parameter is only allowed when 'stream' is enabled");
    }
    const format = body.response_format;
    if (format?.type === "json_schema") {
      if (!/^[a-zA-Z0-9_-]{1,64}$/.test(format.json_schema?.name ?? "")) {
        return bad("Missing 'response_format.json_schema.name'");
      }
      if (format.json_schema.strict === true && !isStrict(format.json_schema.schema)) {
        return bad(
          "Invalid schema for response_format 'answer': 'required' is required to be supplied with every property",
        );
      }
    }
    return undefined;
  },

  errorBody: (status, message) => ({
    error: {
      message,
      type: status === 429 ? "requests" : status >= 500 ? "server_error" : "invalid_request_error",
      param: null,
      code: status === 429 ? "rate_limit_exceeded" : status === 401 ? "invalid_api_key" : null,
    },
  }),

  whole: (answer, body) => ({
    id: "chatcmpl-standin",
    object: "chat.completion",
    created: 1_700_000_000,
    model: (body as { model: string }).model,
    choices: [{
      index: 0,
      message: {
        role: "assistant",
        content: textOf(answer).join("") === "" ? null : textOf(answer).join(""),
        refusal: null,
        ...answer.toolCalls === undefined ? {} : {
          tool_calls: answer.toolCalls.map(({ id, name, input }) => ({
            id,
            type: "function",
            function: { name, arguments: argumentsOf(input) },
          })),
        },
      },
      logprobs: null,
      finish_reason: stopOf(answer),
    }],
    ...usage(answer) === undefined ? {} : { usage: usage(answer) },
  }),

  events(answer, body) {
    const chunk = (delta: unknown, finish: string | null = null) => ({
      id: "chatcmpl-standin",
      object: "chat.completion.chunk",
      created: 1_700_000_000,
      model: (body as { model: string }).model,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      usage: null,
    });
    const calls = (answer.toolCalls ?? []).flatMap(({ id, name, input }, index) => {
      const json = argumentsOf(input);
      return [
        chunk({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] }),
        ...[json.slice(0, 3), json.slice(3)].map((piece) =>
          chunk({ tool_calls: [{ index, function: { arguments: piece } }] })
        ),
      ];
    });
    const isUsageAsked = (body as { stream_options?: { include_usage?: boolean } }).stream_options?.include_usage;
    const told = isUsageAsked ? usage(answer) : undefined;
    return [
      ...[
        chunk({ role: "assistant", content: "", refusal: null }),
        ...textOf(answer).map((piece) => chunk({ content: piece })),
        ...calls,
        chunk({}, stopOf(answer)),
        ...told === undefined ? [] : [{ ...chunk({}), choices: [], usage: told }],
      ].map(event),
      "data: [DONE]\n\n",
    ];
  },

  errorEvent: () => event({ error: { message: "Overloaded", code: 529, type: "server_error" } }),
};

/** Strict output wants every object closed and every property required. */
function isStrict(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return true;
  const { type, additionalProperties, properties = {}, required = [] } = schema as {
    type?: string;
    additionalProperties?: unknown;
    properties?: object;
    required?: string[];
  };
  if (type === "object") {
    if (additionalProperties !== false) return false;
    if (Object.keys(properties).some((name) => !required.includes(name))) return false;
  }
  return Object.values(schema).every(isStrict);
}
