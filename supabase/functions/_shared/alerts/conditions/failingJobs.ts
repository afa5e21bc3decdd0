import type { AlertCondition } from "../alertCondition.ts";

interface Row {
  readonly name: string;
  readonly failures: number;
  readonly error_code: string | null;
  readonly is_exhausted: boolean;
}

/** Jobs that have failed, or lost their runner, several times since they last succeeded; an error once a time was left behind. */
export const failingJobs: AlertCondition = {
  name: "job_failing",
  async find(sql, { thresholds: { jobFailures } }) {
    const rows = await sql<Row>`
      select schedule.name, count(*)::integer as failures,
        (array_agg(run.error_code order by run.id desc))[1] as error_code,
        bool_or(run.attempt >= schedule.max_attempts) as is_exhausted
      from resilience.job_schedules schedule
      join resilience.job_runs run on run.job_name = schedule.name and run.state in ('failed', 'abandoned')
        and run.id > coalesce((select max(good.id) from resilience.job_runs good
          where good.job_name = schedule.name and good.state = 'succeeded'), 0)
      where schedule.is_enabled
      group by schedule.name
      having count(*) >= ${jobFailures}::integer or bool_or(run.attempt >= schedule.max_attempts)
      order by 4 desc, 2 desc, 1 limit 51`;
    return rows.map(({ name, failures, error_code, is_exhausted }) => ({
      key: `job_failing:${name}`,
      severity: is_exhausted ? "error" : "warning",
      title: `Job "${name}" has failed ${failures} times in a row`,
      detail: { failures, code: error_code, isExhausted: is_exhausted },
      ref: `job:${name}`,
    }));
  },
};
