import assert from "node:assert/strict";
import type { AiProvider } from "../../supabase/functions/_shared/ai/provider/aiProvider.ts";
import { anthropicProvider } from "../../supabase/functions/_shared/ai/provider/anthropicProvider.ts";
import { gatewayProvider } from "../../supabase/functions/_shared/ai/provider/gatewayProvider.ts";
import { defaultModels } from "../../supabase/functions/_shared/ai/client/defaultModels.ts";
import { collect, plainCall } from "./aiProviderContract.ts";

const anthropicKey = Deno.env.get("ANTHROPIC_API_KEY");
const [gatewayKey, gatewayUrl] = [Deno.env.get("BALLAST_AI_KEY"), Deno.env.get("BALLAST_AI_BASE_URL")];

live("anthropic", "ANTHROPIC_API_KEY is not set", anthropicKey && (() => anthropicProvider({ apiKey: anthropicKey })));
live(
  "gateway",
  "BALLAST_AI_KEY and BALLAST_AI_BASE_URL are not set",
  gatewayKey && gatewayUrl && (() => gatewayProvider({ apiKey: gatewayKey, baseUrl: gatewayUrl })),
);

/** What of the contract can be asked of a model that answers as it likes. */
function live(name: string, whyNot: string, open: (() => AiProvider) | "" | undefined): void {
  const test = (title: string, run: (provider: AiProvider) => Promise<void>) =>
    Deno.test({
      name: open ? `live ${name}: ${title}` : `live ${name}: ${title} (skipped: ${whyNot})`,
      ignore: !open,
      fn: () => run((open as () => AiProvider)()),
    });
  const call = { ...plainCall, model: defaultModels[name]!.fast!.id };
  const { signal } = new AbortController();
  const city = {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  };

  test("answers, in one piece and in a stream, and tells its tokens", async (provider) => {
    for (
      const answer of [
        await provider.complete(call, { signal }),
        (await collect(provider.stream(call, { signal }))).answer,
      ]
    ) {
      assert.match(answer.text, /hello/i);
      assert.ok(answer.usage!.outputTokens > 0);
    }
  });
  test("answers by a schema", async (provider) => {
    const messages = [{ role: "user" as const, text: "Name the capital of Austria." }];
    const { text } = await provider.complete({ ...call, messages, answerSchema: city }, { signal });
    assert.match(JSON.parse(text).city, /vienna|wien/i);
  });
  test("calls a tool", async (provider) => {
    const messages = [{ role: "user" as const, text: "What is the weather in Graz? Use the tool." }];
    const tools = [{ name: "weather", description: "Tells a city's weather", input: city }];
    const { toolCalls } = await provider.complete({ ...call, messages, tools }, { signal });
    assert.deepEqual(toolCalls.map(({ input }) => input), [{ city: "Graz" }]);
  });
  test("refuses a model that there is not", async (provider) => {
    await assert.rejects(provider.complete({ ...call, model: "no-such-model" }, { signal }), {
      name: "AiProviderError",
    });
  });
}
