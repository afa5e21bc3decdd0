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
