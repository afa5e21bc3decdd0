import { explainIncident, ExplainIncidentInput, ExplainIncidentOutput } from "../_domains/ops/explainIncident.ts";
import { openIncidentPorts as open } from "../_domains/ops/incidents/incidentPorts.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

export default defineFunction({
  name: "ops-incident",
  summary: "Tell what broke in a request or an hour, why, what healed it and what it cost",
  auth: ["secret"],
  admin: true,
  methods: {
    GET: {
      input: ExplainIncidentInput,
      output: ExplainIncidentOutput,
      textType: "text/plain; charset=utf-8",
      rateLimit: perMinute(60),
      handler: explainIncident(open),
    },
  },
});
