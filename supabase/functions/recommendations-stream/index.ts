import { StreamInput as input, StreamOutput as output } from "../_domains/live/streamSchemas.ts";
import { streamRecommendations } from "../_domains/live/streamRecommendations.ts";
import { isolateNotifications } from "../_shared/db/isolateNotifications.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

const handler = streamRecommendations(({ log }) => isolateNotifications("ballast_live", log));

export default defineFunction({
  name: "recommendations-stream",
  summary: "Tell a shopper of their recommendations as they change, as server-sent events",
  auth: ["user", "publishable"],
  methods: { GET: { input, output, streams: "on-request", rateLimit: perMinute(120), handler } },
});
