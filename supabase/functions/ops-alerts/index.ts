import { openAlertPorts as open } from "../_domains/ops/alerts/alertPorts.ts";
import { judgeAlert, JudgeAlertInput, JudgeAlertOutput } from "../_domains/ops/judgeAlert.ts";
import { liftSilence, LiftSilenceInput, LiftSilenceOutput } from "../_domains/ops/liftSilence.ts";
import { postAlerts, PostAlertsInput, PostAlertsOutput } from "../_domains/ops/postAlerts.ts";
import { readAlerts, ReadAlertsInput, ReadAlertsOutput } from "../_domains/ops/readAlerts.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

const rateLimit = perMinute(120);
const post = { input: PostAlertsInput, output: PostAlertsOutput, rateLimit: perMinute(30), idempotent: true } as const;
const judge = { input: JudgeAlertInput, output: JudgeAlertOutput, rateLimit, idempotent: true } as const;

export default defineFunction({
  name: "ops-alerts",
  summary: "Show alerts, acknowledge and resolve them, keep them silent for a while, test who is told",
  auth: ["secret"],
  admin: true,
  methods: {
    GET: { input: ReadAlertsInput, output: ReadAlertsOutput, rateLimit: perMinute(600), handler: readAlerts(open) },
    POST: { ...post, handler: postAlerts(open) },
    PATCH: { ...judge, handler: judgeAlert(open) },
    DELETE: { input: LiftSilenceInput, output: LiftSilenceOutput, rateLimit, handler: liftSilence(open) },
  },
});
