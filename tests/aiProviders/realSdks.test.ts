import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { startAiStandIn } from "./aiStandIn.ts";

const tool = { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"] };

Deno.test("the stand-in speaks Anthropic's protocol: its SDK reads answers, streams, tools and errors", async () => {
  await using server = startAiStandIn();
  const client = new Anthropic({ apiKey: "test", baseURL: server.anthropicUrl, maxRetries: 0 });
  const body = { model: "a-model", max_tokens: 50, messages: [{ role: "user" as const, content: "Hello" }] };
  const message = await client.messages.create(body);
  assert.deepEqual([message.content[0]?.type, message.stop_reason, message.usage.output_tokens], [
    "text",
    "end_turn",
    7,
  ]);

  const pieces: string[] = [];
  const stream = client.messages.stream(body).on("text", (text) => pieces.push(text));
  const final = await stream.finalMessage();
  assert.deepEqual([pieces, final.stop_reason, final.usage.output_tokens], [["Hello", ", ", "world"], "end_turn", 7]);

  server.next({ text: ["Let me see"], toolCalls: [{ id: "toolu_1", name: "weather", input: { city: "Graz" } }] });
  const tools = [{ name: "weather", input_schema: tool }];
  const called = await client.messages.stream({ ...body, tools }).finalMessage();
  assert.deepEqual(called.content.map((block) => block.type === "tool_use" ? block.input : block.type), ["text", {
    city: "Graz",
  }]);

  server.next({ fault: { kind: "status", status: 529 } });
  await assert.rejects(client.messages.create(body), { status: 529, type: "overloaded_error" });
  server.next({ fault: { kind: "error_event" } });
  await assert.rejects(client.messages.stream(body).finalMessage(), { type: "overloaded_error" });
});

Deno.test("the stand-in speaks OpenAI's protocol: its SDK reads answers, streams, tools and errors", async () => {
  await using server = startAiStandIn();
  const client = new OpenAI({ apiKey: "test", baseURL: server.openaiUrl, maxRetries: 0 });
  const body = { model: "a-model", max_tokens: 50, messages: [{ role: "user" as const, content: "Hello" }] };
  const { choices, usage } = await client.chat.completions.create(body);
  assert.deepEqual([choices[0]?.message.content, choices[0]?.finish_reason, usage?.total_tokens], [
    "Hello, world",
    "stop",
    18,
  ]);

  const stream = client.chat.completions.stream({ ...body, stream_options: { include_usage: true } });
  const pieces: string[] = [];
  for await (const { choices: [choice] } of stream) if (choice?.delta.content) pieces.push(choice.delta.content);
  assert.deepEqual([pieces, (await stream.totalUsage()).completion_tokens], [["Hello", ", ", "world"], 7]);

  server.next({ text: [], toolCalls: [{ id: "call_1", name: "weather", input: { city: "Graz" } }] });
  const tools = [{ type: "function" as const, function: { name: "weather", parameters: tool } }];
  const called = await client.chat.completions.stream({ ...body, tools }).finalMessage();
  assert.deepEqual(called.tool_calls?.map((call) => call.type === "function" && call.function.arguments), [
    '{"city":"Graz"}',
  ]);

  const schema = {
    type: "object",
    properties: { a: { type: "number" } },
    required: ["a"],
    additionalProperties: false,
  };
  const format = { type: "json_schema" as const, json_schema: { name: "answer", strict: true, schema } };
  server.next({ text: ['{"a":1}'] });
  const parsed = await client.chat.completions.parse({ ...body, response_format: format });
  assert.deepEqual(JSON.parse(parsed.choices[0]?.message.content ?? ""), { a: 1 });

  for (const status of [401, 429, 500]) {
    server.next({ fault: { kind: "status", status } });
    await assert.rejects(client.chat.completions.create(body), { status });
  }
});
