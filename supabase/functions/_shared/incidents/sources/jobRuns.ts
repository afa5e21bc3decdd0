import type { Fact } from "../fact.ts";
import { factOfRow, type FactRow, type FactSource } from "./factSource.ts";

/** Runs of jobs that failed or were abandoned, and the attempt of the same time that succeeded after all. */
export const jobRuns: FactSource = async (sql, { fromMs, toMs, requestId }) => {
  if (requestId !== undefined) return { facts: [], unread: 0 };
  const rows = await sql<{ fact: FactRow; landed_ms: number | null; landed_attempt: number | null }>`
    select jsonb_build_object('id', 'run:' || run.id, 'kind', 'job_failure',
        'at_ms', extract(epoch from run.finished_at) * 1000, 'until_ms', extract(epoch from run.finished_at) * 1000,
        'subject', run.job_name, 'ref', 'run:' || run.id, 'cause', 'error:' || run.error_code,
        'isolate', run.runner, 'function_name', schedule.function_name, 'occurrences', 1, 'detail', jsonb_build_object(
          'reason', run.state || ', attempt ' || run.attempt,
          'startedMs', extract(epoch from run.started_at) * 1000)) as fact,
      extract(epoch from landed.finished_at)::float8 * 1000 as landed_ms, landed.attempt as landed_attempt
    from resilience.job_runs run join resilience.job_schedules schedule on schedule.name = run.job_name
    left join resilience.job_runs landed on landed.job_name = run.job_name and landed.scheduled_for = run.scheduled_for
      and landed.state = 'succeeded' and landed.attempt > run.attempt
    where run.state in ('failed', 'abandoned')
      and run.finished_at between to_timestamp(${fromMs}::float8 / 1000) and to_timestamp(${toMs}::float8 / 1000)
    order by run.finished_at limit 500`;
  return {
    facts: rows.flatMap((
      { fact, landed_ms, landed_attempt },
    ) => [factOfRow(fact), ...landedOf(fact, landed_ms, landed_attempt)]),
    unread: 0,
  };
};

function landedOf({ id, subject }: FactRow, landedMs: number | null, attempt: number | null): Fact[] {
  if (landedMs === null) return [];
  return [{
    id: `landed:${id}`,
    kind: "replay",
    atMs: landedMs,
    untilMs: landedMs,
    subject,
    cause: id,
    requests: [],
    requestCount: 0,
    occurrences: 1,
    costMs: 0,
    detail: { outcome: `succeeded in attempt ${attempt}` },
    isContext: true,
  }];
}
