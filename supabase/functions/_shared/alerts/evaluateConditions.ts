import type { SqlTag } from "../db/database.ts";
import { errorCodeOf } from "../jobs/errorCodeOf.ts";
import type { AlertCondition, ConditionContext, FoundAlert } from "./alertCondition.ts";

/** What the conditions have found. */
export interface Evaluation {
  readonly found: readonly FoundAlert[];
  /** Conditions that could not look: what they had found before stays as it is. */
  readonly blind: readonly { readonly name: string; readonly error: unknown }[];
}

/** More alerts than these of one condition have one cause, and nobody reads them one by one. */
const mostAlerts = 50;

/** Asks each condition in turn. One that fails keeps none of the others from looking, and is an alert itself. */
export async function evaluateConditions(
  conditions: readonly AlertCondition[],
  sql: SqlTag,
  context: ConditionContext,
): Promise<Evaluation> {
  const found: FoundAlert[] = [];
  const blind: { name: string; error: unknown }[] = [];
  for (const condition of conditions) {
    const { name } = condition;
    try {
      const alerts = await condition.find(sql, context);
      found.push(...alerts.slice(0, mostAlerts));
      if (alerts.length > mostAlerts) {
        const title = `There are more than ${mostAlerts} alerts of the kind "${name}"`;
        found.push({ key: `${name}:and_more`, severity: "error", title });
      }
    } catch (error) {
      blind.push({ name, error });
      const code = errorCodeOf(error);
      const title = `Nobody watches "${name}" as its query fails`;
      found.push({ key: `condition_blind:${name}`, severity: "warning", title, detail: { code } });
    }
  }
  return { found, blind };
}

/** What became of alerts. */
export interface SettledConditions {
  /** Raised, or seen again. */
  readonly raised: number;
  readonly resolved: number;
  /** That were put aside before. */
  readonly folded: number;
}

/** Raises what was found and resolves what has been quiet for long enough, in the transaction of `sql`. */
export async function settleConditions(
  sql: SqlTag,
  { found, blind }: Evaluation,
  quietSeconds: number,
): Promise<SettledConditions> {
  const rows = found.map(({ key, severity, title, detail = {}, ref = null }) => {
    return { key, severity, title, detail, ref, quiet_seconds: Math.ceil(quietSeconds) };
  });
  const [settled] = await sql<{ raised: number; resolved: number; folded: number }>`
    select * from resilience.settle_alert_conditions(${JSON.stringify(rows)}::text::jsonb,
      ${blind.map(({ name }) => name)}::text[])`;
  return { ...settled ?? { raised: 0, resolved: 0, folded: 0 } };
}
