import { readUsage, ReadUsageInput, ReadUsageOutput } from "../_domains/ai/readUsage.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

export default defineFunction({
  name: "ai-usage",
  summary: "Tell what callers have spent on models, by day and prompt",
  auth: ["secret"],
  admin: true,
  methods: { GET: { input: ReadUsageInput, output: ReadUsageOutput, rateLimit: perMinute(120), handler: readUsage } },
});
