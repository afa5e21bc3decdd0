import assert from "node:assert/strict";
import type {
  AiProvider,
  ProviderAnswer,
  ProviderCall,
  ProviderEvent,
} from "../../supabase/functions/_shared/ai/provider/aiProvider.ts";
import { type AiFailureKind, AiProviderError } from "../../supabase/functions/_shared/ai/provider/aiProviderError.ts";
import { type AiStandIn, startAiStandIn } from "./aiStandIn.ts";
import type { ScriptedFault } from "./scriptedAnswer.ts";

/** A call as most tests make it. */
export const plainCall: ProviderCall = {
  model: "a-model",
  system: "Be brief.",
  isSystemCached: false,
  messages: [{ role: "user", text: "Say hello" }],
  maxTokens: 100,
  tools: [],
};

const never = () => new AbortController().signal;

/** Reads a whole stream. */
export async function collect(
  events: AsyncIterable<ProviderEvent>,
): Promise<{ pieces: string[]; answer: ProviderAnswer }> {
  const pieces: string[] = [];
  let answer: ProviderAnswer | undefined;
  for await (const event of events) {
    assert.equal(answer, undefined, "something came after the end");
    if (event.kind === "text") pieces.push(event.text);
    if (event.kind === "end") answer = event.answer;
  }
  return { pieces, answer: answer ?? assert.fail("the stream ended without its end") };
}

const usage = { inputTokens: 11, outputTokens: 7, cacheReadTokens: 0, cacheWriteTokens: 0 };
const weather = {
  name: "weather",
  description: "Tells the weather of a city",
  input: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
};

/** What every provider does, whatever its protocol. */
export function aiProviderContract(name: string, open: (server: AiStandIn) => AiProvider): void {
  const test = (title: string, run: (provider: AiProvider, server: AiStandIn) => Promise<void>) =>
    Deno.test(`${name}: ${title}`, async () => {
      await using server = startAiStandIn();
      await run(open(server), server);
    });
  const both = (provider: AiProvider, call: ProviderCall = plainCall, signal = never()) => [
    () => provider.complete(call, { signal }),
    async () => (await collect(provider.stream(call, { signal }))).answer,
  ];

  test("an answer in one piece and in a stream is the same", async (provider) => {
    const wanted = { text: "Hello, world", toolCalls: [], stop: "end", usage };
    assert.deepEqual(await provider.complete(plainCall, { signal: never() }), wanted);
    const { pieces, answer } = await collect(provider.stream(plainCall, { signal: never() }));
    assert.deepEqual([pieces, answer], [["Hello", ", ", "world"], wanted]);
  });

  test("tools are offered, called and answered", async (provider, server) => {
    for (const ask of both(provider, { ...plainCall, tools: [weather] })) {
      server.next({ text: [], toolCalls: [{ id: "call_1", name: "weather", input: { city: "Graz" } }] });
      const { toolCalls, stop, text } = await ask();
      assert.deepEqual([toolCalls, stop, text], [
        [{ id: "call_1", name: "weather", input: { city: "Graz" } }],
        "tools",
        "",
      ]);
      const messages = [
        ...plainCall.messages,
        { role: "assistant" as const, text: "", toolCalls },
        { role: "tool" as const, results: [{ callId: "call_1", text: "Rain", isError: false }] },
      ];
      for (const again of both(provider, { ...plainCall, tools: [weather], messages })) {
        assert.equal((await again()).text, "Hello, world");
      }
    }
  });

  test("an answer of a schema is asked for by the protocol's own means", async (provider, server) => {
    for (const ask of both(provider, { ...plainCall, answerSchema: weather.input })) {
      server.next({ text: ['{"city":', '"Graz"}'] });
      assert.equal((await ask()).text, '{"city":"Graz"}');
      const { body } = server.seen.at(-1)!;
      const sent = body.output_config?.format.schema ?? body.response_format.json_schema.schema;
      assert.deepEqual(sent, weather.input);
    }
  });

  test("what was cached is counted apart, and where nothing is told nothing is made up", async (provider, server) => {
    for (const ask of both(provider)) {
      server.next({ usage: { input: 5, output: 2, cacheRead: 100 } });
      assert.deepEqual((await ask()).usage, {
        inputTokens: 5,
        outputTokens: 2,
        cacheReadTokens: 100,
        cacheWriteTokens: 0,
      });
      server.next({ usage: null });
      assert.equal((await ask()).usage, undefined);
    }
  });

  test("an answer that was cut for its length, or refused, says so", async (provider, server) => {
    for (const stop of ["length", "refusal"] as const) {
      for (const ask of both(provider)) {
        server.next({ stop });
        assert.equal((await ask()).stop, stop);
      }
    }
  });

  const statuses: [number, AiFailureKind][] = [
    [400, "invalid_request"],
    [401, "unauthorized"],
    [402, "unpaid"],
    [403, "forbidden"],
    [404, "unknown_model"],
    [413, "too_large"],
    [429, "rate_limited"],
    [500, "failed"],
    [503, "overloaded"],
    [504, "timed_out"],
    [529, "overloaded"],
  ];
  test("each status is a failure of its kind, tried once, and says how long to wait", async (provider, server) => {
    let calls = 0;
    for (const [status, kind] of statuses) {
      for (const ask of both(provider)) {
        server.next({ fault: { kind: "status", status, headers: { "retry-after": "3" } } });
        const error = await failureOf(ask);
        assert.deepEqual([error.kind, error.status, error.retryAfterMs], [kind, status, 3_000], error.message);
        assert.equal(server.seen.length, ++calls, "it was tried again");
      }
    }
  });

  const faults: [ScriptedFault, AiFailureKind, ...AiFailureKind[]][] = [
    [{ kind: "reset" }, "cut", "cut"],
    [{ kind: "short" }, "malformed", "cut"],
    [{ kind: "no_json" }, "malformed", "malformed"],
    // Kinds of events that are not known are skipped where the protocol says so.
    [{ kind: "other_json" }, "malformed", "malformed", "cut"],
    [{ kind: "error_event" }, "malformed", "cut"],
  ];
  test("a broken answer is a failure that may be billed, never a short answer", async (provider, server) => {
    for (const [fault, whole, ...streamed] of faults) {
      const [complete, stream] = both(provider) as [() => Promise<unknown>, () => Promise<unknown>];
      if (fault.kind !== "error_event") {
        server.next({ fault });
        const error = await failureOf(complete);
        assert.deepEqual([error.kind, error.isFree], [whole, false], `${fault.kind}: ${error.message}`);
      }
      server.next({ fault });
      const error = await failureOf(stream);
      assert.ok(
        streamed.includes(error.kind) && !error.isFree,
        `${fault.kind}, streamed: ${error.kind} ${error.message}`,
      );
    }
  });

  test("a server that is not there is a failure", async (_provider, server) => {
    await server[Symbol.asyncDispose]();
    for (const ask of both(open(server))) assert.equal((await failureOf(ask)).kind, "unreachable");
  });

  test("when the signal aborts its reason is thrown and the server is left", async (provider, server) => {
    for (const isBegun of [false, true]) {
      for (const [index] of both(provider).entries()) {
        const leaving = new AbortController();
        const ask = both(provider, plainCall, leaving.signal)[index]!;
        const count = server.seen.length;
        server.next({ fault: { kind: "hang", afterText: isBegun } });
        const asking = ask();
        asking.catch(() => {});
        while (server.seen.length === count) await new Promise((tick) => setTimeout(tick, 1));
        leaving.abort(new Error("enough"));
        await assert.rejects(asking, /enough/);
        // Deno.serve tells of a client that left before the headers only now and then: of the body always.
        if (isBegun && index === 1) await server.seen.at(-1)!.left;
      }
    }
  });

  test("whoever stops reading a stream leaves the server", async (provider, server) => {
    server.next({ fault: { kind: "hang", afterText: true } });
    for await (const event of provider.stream(plainCall, { signal: never() })) if (event.kind === "text") break;
    await server.seen.at(-1)!.left;
  });
}

/** The failure that a call ends with. */
async function failureOf(ask: () => Promise<unknown>): Promise<AiProviderError> {
  const error = await ask().then(() => assert.fail("it succeeded"), (error) => error);
  assert.ok(error instanceof AiProviderError, String(error.stack));
  return error;
}
