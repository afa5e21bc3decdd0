import { searchByQuery, searchProducts } from "../_domains/search/searchProducts.ts";
import { SearchInput, SearchOutput as output, SearchQuery } from "../_domains/search/searchSchemas.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

const common = { output, rateLimit: perMinute(600) } as const;

export default defineFunction({
  name: "search-personalized",
  summary: "Search products in the order of the shopper's own taste",
  auth: ["user", "publishable"],
  methods: {
    GET: { ...common, input: SearchQuery, handler: searchByQuery },
    POST: { ...common, input: SearchInput, handler: searchProducts },
  },
});
