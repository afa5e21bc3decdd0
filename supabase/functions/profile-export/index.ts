import { exportProfile, ExportProfileInput, ExportProfileOutput } from "../_domains/personalization/exportProfile.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

export default defineFunction({
  name: "profile-export",
  summary: "Give a shopper everything that is kept about them",
  auth: ["user", "publishable"],
  methods: {
    GET: { input: ExportProfileInput, output: ExportProfileOutput, rateLimit: perMinute(20), handler: exportProfile },
  },
});
