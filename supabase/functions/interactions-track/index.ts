import { TrackInput, trackInteractions, TrackOutput } from "../_domains/personalization/trackInteractions.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

export default defineFunction({
  name: "interactions-track",
  summary: "Record what a shopper did and learn from it at once",
  auth: ["user", "publishable"],
  methods: {
    POST: { input: TrackInput, output: TrackOutput, rateLimit: perMinute(600), handler: trackInteractions },
  },
});
