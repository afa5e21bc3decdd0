import { completePrompt, CompletePromptInput, CompletePromptOutput } from "../_domains/ai/completePrompt.ts";
import { openAiPorts } from "../_domains/ai/openAiPorts.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

export default defineFunction({
  name: "ai-complete",
  summary: "Answer a prompt by its name, in one piece or as a stream, within the caller's budget of the day",
  auth: ["user", "secret"],
  methods: {
    POST: {
      input: CompletePromptInput,
      output: CompletePromptOutput,
      streams: "on-request",
      rateLimit: perMinute(60),
      bodyLimitBytes: 262_144,
      deadlineMs: 60_000,
      handler: completePrompt(openAiPorts),
    },
  },
});
