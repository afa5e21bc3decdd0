import { readRecommendations as handler } from "../_domains/recommendations/readRecommendations.ts";
import {
  ReadRecommendationsInput as input,
  ReadRecommendationsOutput as output,
} from "../_domains/recommendations/recommendationSchemas.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

export default defineFunction({
  name: "recommendations",
  summary: "Recommend products: for the shopper, similar ones, bought together, to reorder, to discover, trending",
  auth: ["user", "publishable"],
  methods: { GET: { input, output, rateLimit: perMinute(600), handler } },
});
