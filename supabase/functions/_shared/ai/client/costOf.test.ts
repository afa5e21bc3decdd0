import assert from "node:assert/strict";
import fc from "fast-check";
import type { AiModel } from "./aiModels.ts";
import { AiModels, findModel } from "./aiModels.ts";
import { tokensOf } from "../provider/tokenUsage.ts";
import { costOf, mostTokens } from "./costOf.ts";
import { defaultModels } from "./defaultModels.ts";

const model: AiModel = { id: "m", input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 };
const usage = { inputTokens: 100, outputTokens: 10, cacheReadTokens: 0, cacheWriteTokens: 0 };

Deno.test("a call costs each kind of token at its price, rounded up", () => {
  assert.equal(costOf(model, usage), 300);
  assert.equal(costOf(model, { ...usage, cacheReadTokens: 1 }), 301);
  assert.equal(costOf({ ...model, input: 0.1, output: 0.1 }, { ...usage, inputTokens: 3, outputTokens: 7 }), 1);
  assert.equal(costOf({ id: "m", input: 1, output: 0 }, { ...usage, cacheReadTokens: 5, cacheWriteTokens: 6 }), 111);
});

Deno.test("a long prompt costs what long prompts cost, all of it", () => {
  const long = { ...model, longPrompt: { fromTokens: 101, input: 20, output: 100 } };
  assert.equal(costOf(long, usage), 300);
  assert.equal(costOf(long, { ...usage, cacheReadTokens: 1 }), 3_020);
});

Deno.test("what is reserved is never less than what a token a byte comes to", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }),
      fc.boolean(),
      (system, text, isSystemCached) => {
        const call = {
          model: "m",
          system,
          isSystemCached,
          messages: [{ role: "user" as const, text }],
          maxTokens: 50,
          tools: [],
        };
        const bytes = new TextEncoder().encode(system + text).length;
        const most = mostTokens(call, model);
        assert.ok(tokensOf(most) >= bytes + 50);
        assert.ok(costOf(model, most) >= costOf(model, { ...usage, inputTokens: bytes, outputTokens: 50 }));
      },
    ),
  );
});

Deno.test("the models that come along are a valid configuration, and are found by alias and by name", () => {
  assert.deepEqual(AiModels.parse(defaultModels), defaultModels);
  for (const provider of ["anthropic", "gateway"]) {
    const fast = findModel(defaultModels, provider, "fast")!;
    assert.equal(findModel(defaultModels, provider, fast.id), fast);
  }
  for (const name of ["constructor", "no-such"]) assert.equal(findModel(defaultModels, "anthropic", name), undefined);
  assert.equal(findModel(defaultModels, "constructor", "fast"), undefined);
});
