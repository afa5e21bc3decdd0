import {
  InsightsInput as input,
  InsightsOutput as output,
  readInsights as handler,
} from "../_domains/search/insights/readInsights.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

export default defineFunction({
  name: "search-insights",
  summary: "Tell what searches came to: top queries, empty ones, clicks by place",
  auth: ["user", "secret"],
  methods: { GET: { input, output, rateLimit: perMinute(10), handler } },
});
