import type { SqlTag } from "../../db/database.ts";
import type { MetricsReader } from "../../monitor/metricsReader.ts";
import { shareMeasure } from "./measures.ts";
import type { Measure } from "./optimizerRule.ts";

/** What the ledger counts within a window, of names that no column had. */
export interface HealingCounts {
  /** Those that came to a column by an advisor, and by anything else. */
  readonly advised: number;
  readonly deterministic: number;
  /** Those of them that were taken back since. */
  readonly undone: number;
  /** Those that were set aside. */
  readonly rescued: number;
  /** Writes that were given up and have not landed since. */
  readonly dead: number;
}

/** Counts what healing did, in one statement. */
export async function countHealing(
  sql: SqlTag,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<HealingCounts> {
  const [from, to] = [new Date(fromMs), new Date(toMs)];
  const [row] = await sql<{ [Name in keyof HealingCounts]: number }>`
    select count(*) filter (where to_name is not null and strategy = 'ai')::integer as advised,
      count(*) filter (where to_name is not null and strategy <> 'ai')::integer as deterministic,
      count(*) filter (where to_name is not null and undone_at is not null)::integer as undone,
      count(*) filter (where to_name is null)::integer as rescued,
      (select count(*) from resilience.dead_letters where died_at >= ${from}::timestamptz and died_at < ${to}::timestamptz
        and outcome is distinct from 'landed')::integer as dead
    from resilience.healing_events
    where healed_at >= ${from}::timestamptz and healed_at < ${to}::timestamptz
      and diagnosis = 'unknown_column' and from_name is not null`;
  return row ?? { advised: 0, deterministic: 0, undone: 0, rescued: 0, dead: 0 };
}

/** By what rules of healing are judged: of the names that were healed, those that an advisor was asked about. */
export function advisedShare(metrics: MetricsReader): Measure {
  const among = ["heal.ai", "heal.deterministic"];
  return shareMeasure(metrics, "share of fixes by an advisor", { of: "heal.ai", among, prefix: "heal." });
}

/** By what thresholds and prompts are judged: of all that was to be healed, what was refused, set aside or given up. */
export function failedShare(metrics: MetricsReader): Measure {
  const among = ["heal.refused", "heal.ai", "heal.deterministic"];
  return shareMeasure(metrics, "share of heals that failed", { of: "heal.refused", among, prefix: "heal." });
}
