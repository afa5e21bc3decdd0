import assert from "node:assert/strict";
import { gatewayProvider } from "../../supabase/functions/_shared/ai/provider/gatewayProvider.ts";
import { aiProviderContract, plainCall } from "./aiProviderContract.ts";
import { startAiStandIn } from "./aiStandIn.ts";

aiProviderContract("gateway", ({ openaiUrl }) => gatewayProvider({ apiKey: "test", baseUrl: openaiUrl }));

Deno.test("gateway: arguments of a tool that are no JSON are told as none", async () => {
  await using server = startAiStandIn();
  server.next({ toolCalls: [{ id: "1", name: "weather", input: "{oops" }] });
  const provider = gatewayProvider({ apiKey: "test", baseUrl: `${server.openaiUrl}/` });
  const { toolCalls } = await provider.complete(plainCall, { signal: new AbortController().signal });
  assert.deepEqual(toolCalls, [{ id: "1", name: "weather", input: undefined }]);
});

Deno.test("gateway: the limit goes by the name that the model wants", async () => {
  await using server = startAiStandIn();
  const provider = gatewayProvider({ apiKey: "test", baseUrl: server.openaiUrl });
  const { signal } = new AbortController();
  await provider.complete(plainCall, { signal });
  await provider.complete({ ...plainCall, maxTokensField: "max_completion_tokens" }, { signal });
  const limits = server.seen.map(({ body }) => [body.max_tokens, body.max_completion_tokens]);
  assert.deepEqual(limits, [[100, undefined], [undefined, 100]]);
});
