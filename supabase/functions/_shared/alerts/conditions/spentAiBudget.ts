import type { AlertCondition } from "../alertCondition.ts";

/** Above this share hardly any call fits any more. */
const usedUp = 0.98;

/** The project's budget for models is nearly, or quite, used up for the day. */
export const spentAiBudget: AlertCondition = {
  name: "ai_budget",
  async find(sql, { thresholds: { aiBudgetShare }, aiProjectMicroUsd: limit }) {
    if (limit === undefined || limit <= 0) return [];
    const [row] = await sql<{ spent: number }>`
      select spend.cost_micro_usd::double precision as spent from resilience.ai_spend spend
      where spend.caller = '*' and spend.day = (clock_timestamp() at time zone 'utc')::date`;
    const share = (row?.spent ?? 0) / limit;
    if (share < aiBudgetShare) return [];
    const percent = Math.floor(share * 100);
    return [{
      key: "ai_budget:project",
      severity: share >= usedUp ? "error" : "warning",
      title: `${percent} % of the day's budget for models is spent`,
      detail: { percent, spentMicroUsd: row?.spent ?? 0, limitMicroUsd: limit },
    }];
  },
};
