import { readRescue, ReadRescueInput, ReadRescueOutput } from "../_domains/ops/readRescue.ts";
import { settleRescue, SettleRescueInput, SettleRescueOutput } from "../_domains/ops/settleRescue.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

const read = { input: ReadRescueInput, output: ReadRescueOutput, rateLimit: perMinute(600) } as const;
const settle = { input: SettleRescueInput, output: SettleRescueOutput, rateLimit: perMinute(120) } as const;

export default defineFunction({
  name: "ops-rescue",
  summary: "Show writes and fields that found no place, send them again, or give them up",
  auth: ["secret"],
  admin: true,
  methods: {
    GET: { ...read, handler: readRescue },
    POST: { ...settle, summary: "Send again, or discard", idempotent: true, handler: settleRescue },
  },
});
