import {
  suggest as handler,
  SuggestInput as input,
  SuggestOutput as output,
} from "../_domains/search/suggest/suggest.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

export default defineFunction({
  name: "search-suggest",
  summary: "Suggest queries, categories and products for what is being typed",
  auth: ["user", "publishable"],
  methods: { GET: { input, output, rateLimit: perMinute(1_200), handler } },
});
