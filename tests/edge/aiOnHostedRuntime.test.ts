import assert from "node:assert/strict";
import { bootUpload } from "../../tools/deployment/bootUpload.ts";
import { collectUploads } from "../../tools/deployment/collectUploads.ts";
import { projectRoot } from "../../tools/projectRoot.ts";
import { startAiStandIn } from "../aiProviders/aiStandIn.ts";
import { testDatabase } from "../harness/testDatabase.ts";

Deno.test("ai-complete asks a model on Deno 2.1.4 through the SDK that it loads by then, and through a gateway", async () => {
  const upload = (await collectUploads(projectRoot)).find(({ name }) => name === "ai-complete");
  assert.ok(upload !== undefined, "There is no ai-complete");
  await using database = await testDatabase();
  await using server = startAiStandIn();
  for (
    const env of [
      { BALLAST_AI_KEY: "sk-ant-test", BALLAST_AI_BASE_URL: server.anthropicUrl },
      { BALLAST_AI_KEY: "test", BALLAST_AI_BASE_URL: server.openaiUrl },
    ]
  ) {
    await using booted = await bootUpload(upload, { env: { SUPABASE_DB_URL: database.url, ...env } });
    for (const stream of [false, true]) {
      const response = await booted.ask({
        method: "POST",
        headers: { apikey: "sb_secret_rehearsal", "content-type": "application/json" },
        body: JSON.stringify({ prompt: "summarize-text", variables: { text: "Long" }, stream }),
      });
      const text = await response.text();
      assert.equal(response.status, 200, text);
      assert.match(text, stream ? /event: text\ndata: {"text":"Hello"}[^]*event: end/ : /"text":"Hello, world"/);
      assert.match(text, /"source":"model"/);
    }
  }
  assert.deepEqual(server.seen.map(({ protocol }) => protocol), ["anthropic", "anthropic", "openai", "openai"]);
});
