import { openMetricPorts } from "../_domains/ops/metrics/metricPorts.ts";
import { readMetrics, ReadMetricsInput, ReadMetricsOutput } from "../_domains/ops/readMetrics.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";
import { prometheusType } from "../_shared/monitor/prometheusText.ts";

export default defineFunction({
  name: "ops-metrics",
  summary: "Show what the fleet measured, as JSON or for Prometheus",
  auth: ["secret"],
  admin: true,
  methods: {
    GET: {
      input: ReadMetricsInput,
      output: ReadMetricsOutput,
      textType: prometheusType,
      rateLimit: perMinute(120),
      handler: readMetrics(openMetricPorts),
    },
  },
});
