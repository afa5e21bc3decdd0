import type { AlertCondition } from "../alertCondition.ts";

interface Row {
  readonly job_name: string;
  readonly last_succeeded_at: Date | null;
  readonly last_state: string | null;
}

/** Jobs without a success for longer than their `max_gap`. Of this very job somebody else has to say so: see docs/alerts.md. */
export const overdueJobs: AlertCondition = {
  name: "job_overdue",
  async find(sql) {
    const rows = await sql<Row>`
      select job_name, last_succeeded_at, last_state from resilience.job_health()
      where is_overdue and not is_running order by job_name limit 51`;
    return rows.map(({ job_name, last_succeeded_at, last_state }) => ({
      key: `job_overdue:${job_name}`,
      severity: "error",
      title: `Job "${job_name}" is overdue`,
      detail: { lastSuccess: last_succeeded_at?.toISOString() ?? "never", lastState: last_state ?? "never ran" },
      ref: `job:${job_name}`,
    }));
  },
};
