import { checkHealth, CheckHealthInput, CheckHealthOutput } from "../_domains/ops/checkHealth.ts";
import { openHealthPorts } from "../_domains/ops/health/openHealthPorts.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

const health = {
  input: CheckHealthInput,
  output: CheckHealthOutput,
  rateLimit: perMinute(600),
  handler: checkHealth(openHealthPorts),
};

export default defineFunction({
  name: "ops-health",
  summary: "Say whether the suite works: database, migrations, fleet, clock, version",
  auth: ["secret", "none"],
  admin: true,
  methods: { GET: health, POST: health }, // `functions.invoke` posts unless told otherwise.
});
