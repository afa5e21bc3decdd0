import assert from "node:assert/strict";
import { readAiSettings } from "./aiSettings.ts";
import { defaultModels } from "./defaultModels.ts";

const read = (env: Record<string, string>) => readAiSettings((name) => env[name]);

Deno.test("nothing set is no key, the models that come along and the limits that come along", () => {
  assert.deepEqual(read({}), { models: defaultModels, limits: {} });
});

Deno.test("our own key goes first, limits may be none, and models are put over those that come along", () => {
  const models = { gateway: { fast: { id: "mine", input: 1, output: 2 } }, other: {} };
  const settings = read({
    ANTHROPIC_API_KEY: "a",
    BALLAST_AI_KEY: "b",
    BALLAST_AI_BASE_URL: "http://x/v1",
    BALLAST_AI_CALLER_TOKENS: "5",
    BALLAST_AI_PROJECT_MICRO_USD: "none",
    BALLAST_AI_MODELS: JSON.stringify(models),
  });
  assert.deepEqual([settings.apiKey, settings.baseUrl], ["b", "http://x/v1"]);
  assert.deepEqual(settings.limits, { callerTokens: 5, projectMicroUsd: undefined });
  assert.ok("projectMicroUsd" in settings.limits);
  assert.equal(settings.models.gateway?.fast?.id, "mine");
  assert.deepEqual(settings.models.gateway?.capable, defaultModels.gateway?.capable);
});

Deno.test("what makes no sense is named by its variable", () => {
  for (
    const [name, value] of [["BALLAST_AI_CALLER_TOKENS", "many"], ["BALLAST_AI_MODELS", "{"], [
      "BALLAST_AI_MODELS",
      '{"a":{"b":{}}}',
    ]]
  ) {
    assert.throws(() => read({ [name!]: value! }), { code: "misconfigured", message: new RegExp(name!) });
  }
});
