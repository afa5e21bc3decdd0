import { decidePattern, DecidePatternInput, DecidePatternOutput } from "../_domains/ops/decidePattern.ts";
import { readHealing, ReadHealingInput, ReadHealingOutput } from "../_domains/ops/readHealing.ts";
import { undoHeal, UndoHealInput, UndoHealOutput } from "../_domains/ops/undoHeal.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

const read = { input: ReadHealingInput, output: ReadHealingOutput, rateLimit: perMinute(600) } as const;
const change = { rateLimit: perMinute(120), idempotent: true } as const;
const undo = { ...change, input: UndoHealInput, output: UndoHealOutput } as const;
const decide = { ...change, input: DecidePatternInput, output: DecidePatternOutput } as const;

export default defineFunction({
  name: "ops-healing",
  summary: "Show what was healed and why, take heals back, and decide on what was learned",
  auth: ["secret"],
  admin: true,
  methods: {
    GET: { ...read, handler: readHealing },
    POST: { ...undo, summary: "Take a heal back", handler: undoHeal },
    PATCH: { ...decide, summary: "Approve or reject a learned pattern", handler: decidePattern },
  },
});
