import * as give from "../_domains/recommendations/feedback/giveFeedback.ts";
import * as read from "../_domains/recommendations/feedback/readOutcomes.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

const heard = { input: give.GiveFeedbackInput, output: give.GiveFeedbackOutput, handler: give.giveFeedback };
const told = { input: read.ReadOutcomesInput, output: read.ReadOutcomesOutput, handler: read.readOutcomes };
const asked = "Tell what came of recommendations: shown, clicked, bought, dismissed";

export default defineFunction({
  name: "recommendations-feedback",
  summary: "Hear what shoppers say of recommendations, and tell what came of them",
  auth: ["user", "publishable"],
  admin: true,
  methods: {
    GET: { ...told, summary: asked, auth: ["secret"], rateLimit: perMinute(60) },
    POST: { ...heard, rateLimit: perMinute(600) },
  },
});
