import {
  giveFeedback,
  GiveFeedbackInput,
  GiveFeedbackOutput,
} from "../_domains/recommendations/feedback/giveFeedback.ts";
import {
  readOutcomes,
  ReadOutcomesInput,
  ReadOutcomesOutput,
} from "../_domains/recommendations/feedback/readOutcomes.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

export default defineFunction({
  name: "recommendations-feedback",
  summary: "Hear what shoppers say of recommendations, and tell what came of them",
  auth: ["user", "publishable"],
  admin: true,
  methods: {
    GET: {
      summary: "Tell what came of recommendations: shown, clicked, bought, dismissed",
      auth: ["secret"],
      input: ReadOutcomesInput,
      output: ReadOutcomesOutput,
      rateLimit: perMinute(60),
      handler: readOutcomes,
    },
    POST: { input: GiveFeedbackInput, output: GiveFeedbackOutput, rateLimit: perMinute(600), handler: giveFeedback },
  },
});
