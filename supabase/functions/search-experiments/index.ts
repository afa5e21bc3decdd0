import * as use from "../_domains/search/experiments/runExperiments.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

const common = { output: use.ExperimentsOutput, rateLimit: perMinute(60) } as const;

export default defineFunction({
  name: "search-experiments",
  summary: "Compare two versions of the ranking on real shoppers",
  auth: ["secret"],
  methods: {
    GET: { ...common, input: use.ReadExperimentsInput, handler: use.readExperiments },
    POST: { ...common, input: use.StartExperimentInput, idempotent: true, handler: use.startExperiment },
    DELETE: { ...common, input: use.StopExperimentInput, handler: use.stopExperiment },
  },
});
