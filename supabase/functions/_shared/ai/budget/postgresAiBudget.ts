import type { SqlTag } from "../../db/database.ts";
import type { AiBudget, AiLimits } from "./aiBudget.ts";

/** How budgets are kept. */
export interface AiBudgetOptions extends AiLimits {
  /** How long a reservation counts that nobody settles: longer than any call takes. @default 600_000 */
  readonly reservationTtlMs?: number;
}

/** What may be spent where nothing else is said. */
export const defaultAiLimits = { callerTokens: 500_000, callerMicroUsd: 500_000, projectMicroUsd: 20_000_000 } as const;

interface Granted {
  readonly is_granted: boolean;
  readonly refused_by: "caller" | "project" | null;
  /** A bigint comes as text. */
  readonly retry_after_ms: string | number;
}

/** Budgets in Postgres, by its clock: one statement before a call, one after it. */
export function postgresAiBudget(sql: () => SqlTag, options: AiBudgetOptions = {}): AiBudget {
  const { reservationTtlMs = 600_000 } = options;
  // Said to be undefined, a limit is none: only what is not said has a default.
  const { callerTokens, callerMicroUsd, projectMicroUsd }: AiLimits = { ...defaultAiLimits, ...options };
  return {
    async reserve({ id, caller, promptName, promptVersion, provider, model, tokens, microUsd }) {
      const [granted] = await sql()<Granted>`
        select is_granted, refused_by, retry_after_ms from resilience.reserve_ai_usage(${id}::uuid, ${caller}, ${promptName},
          ${promptVersion}::integer, ${provider}, ${model}, ${tokens}::bigint, ${microUsd}::bigint,
          ${reservationTtlMs}::integer, ${callerTokens ?? null}::bigint, ${callerMicroUsd ?? null}::bigint,
          ${projectMicroUsd ?? null}::bigint)`;
      if (granted === undefined) throw new Error("Cannot reserve for a call of a model as the database gave no row");
      const { is_granted, refused_by, retry_after_ms } = granted;
      if (is_granted) return { isGranted: true };
      return { isGranted: false, refusedBy: refused_by ?? "caller", retryAfterMs: Number(retry_after_ms) };
    },

    async settle(id, { outcome, usage, microUsd, isEstimated }) {
      const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
      await sql()`
        select resilience.settle_ai_usage(${id}::uuid, ${outcome}, ${inputTokens}::bigint, ${outputTokens}::bigint,
          ${cacheReadTokens}::bigint, ${cacheWriteTokens}::bigint, ${microUsd}::bigint, ${isEstimated})`;
    },
  };
}
