import { patchWeights, PatchWeightsInput, PatchWeightsOutput } from "../_domains/personalization/patchWeights.ts";
import { readWeights, ReadWeightsInput, ReadWeightsOutput } from "../_domains/personalization/readWeights.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

export default defineFunction({
  name: "personalization-weights",
  summary: "Read and set what each signal of a shopper counts",
  auth: ["user", "secret"],
  methods: {
    GET: { input: ReadWeightsInput, output: ReadWeightsOutput, rateLimit: perMinute(120), handler: readWeights },
    PATCH: {
      input: PatchWeightsInput,
      output: PatchWeightsOutput,
      rateLimit: perMinute(60),
      idempotent: true,
      handler: patchWeights,
    },
  },
});
