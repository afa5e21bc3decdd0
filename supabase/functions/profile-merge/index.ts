import { mergeProfile, MergeProfileInput, MergeProfileOutput } from "../_domains/personalization/mergeProfile.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

export default defineFunction({
  name: "profile-merge",
  summary: "Make what a session did before signing in the user's own",
  auth: ["user"],
  methods: {
    POST: { input: MergeProfileInput, output: MergeProfileOutput, rateLimit: perMinute(20), handler: mergeProfile },
  },
});
