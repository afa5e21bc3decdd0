import assert from "node:assert/strict";
import { anthropicProvider } from "../../supabase/functions/_shared/ai/provider/anthropicProvider.ts";
import { aiProviderContract, plainCall } from "./aiProviderContract.ts";
import { startAiStandIn } from "./aiStandIn.ts";

aiProviderContract(
  "anthropic",
  ({ anthropicUrl }) => anthropicProvider({ apiKey: "sk-ant-test", baseUrl: anthropicUrl }),
);

Deno.test("anthropic: a system prompt that may be cached carries the mark, others do not", async () => {
  await using server = startAiStandIn();
  const provider = anthropicProvider({ apiKey: "sk-ant-test", baseUrl: server.anthropicUrl });
  const { signal } = new AbortController();
  await provider.complete({ ...plainCall, isSystemCached: true }, { signal });
  await provider.complete(plainCall, { signal });
  assert.deepEqual(server.seen.map(({ body }) => body.system), [
    [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
    [{ type: "text", text: "Be brief." }],
  ]);
  server.next({ usage: { input: 5, output: 2, cacheWrite: 90 } });
  const { usage } = await provider.complete(plainCall, { signal });
  assert.equal(usage?.cacheWriteTokens, 90);
});
