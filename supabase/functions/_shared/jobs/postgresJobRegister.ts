import type { SqlTag } from "../db/database.ts";
import type { JobRegister, JobRunRecord, JobRunState, JobStanding } from "./jobRegister.ts";

interface StandingRow extends Omit<JobStanding, "failedCount" | "abandonedCount"> {
  readonly failedCount: string;
  readonly abandonedCount: string;
}

interface RunRow {
  readonly id: string;
  readonly scheduled_for: Date;
  readonly attempt: number;
  readonly state: JobRunState;
  readonly runner: string | null;
  readonly progress: unknown;
  readonly outcome: unknown;
  readonly error_code: string | null;
  readonly started_at: Date;
  readonly heartbeat_at: Date;
  readonly finished_at: Date | null;
}

/** Schedules in `resilience.job_schedules`, runs in `resilience.job_runs`. */
export function postgresJobRegister(sql: SqlTag): JobRegister {
  return {
    async list(name) {
      const rows = await sql<StandingRow>`
        select schedule.name, schedule.cron, schedule.function_name as "functionName", schedule.payload,
          schedule.is_enabled as "isEnabled", schedule.lease_seconds as "leaseSeconds",
          schedule.max_attempts as "maxAttempts",
          extract(epoch from schedule.max_gap)::double precision as "maxGapSeconds",
          schedule.updated_at as "updatedAt", health.last_succeeded_at as "lastSucceededAt",
          health.last_state as "lastState", health.last_error_code as "lastErrorCode", health.is_overdue as "isOverdue",
          health.is_running as "isRunning", health.lease_expires_at as "leaseExpiresAt",
          health.failed_count as "failedCount", health.abandoned_count as "abandonedCount"
        from resilience.job_schedules schedule join resilience.job_health() health on health.job_name = schedule.name
        where ${name ?? null}::text is null or schedule.name = ${name ?? null}::text
        order by schedule.name`;
      return rows.map((row) => ({
        ...row,
        failedCount: Number(row.failedCount),
        abandonedCount: Number(row.abandonedCount),
      }));
    },

    async runs(job, { beforeId = null, limit }) {
      const rows = await sql<RunRow>`
        select id, scheduled_for, attempt, state, runner, progress, outcome, error_code, started_at, heartbeat_at,
          finished_at
        from resilience.job_runs
        where job_name = ${job}::text and (${beforeId}::bigint is null or id < ${beforeId}::bigint)
        order by id desc limit ${limit}::integer`;
      return rows.map(runOfRow);
    },

    async isCron(expression) {
      const [row] = await sql<
        { is_cron: boolean }
      >`select resilience.is_cron_expression(${expression}::text) as is_cron`;
      return row?.is_cron === true;
    },

    async change(name, { isEnabled = null, cron = null, payload }) {
      const rows = await sql`
        update resilience.job_schedules set
          is_enabled = coalesce(${isEnabled}::boolean, is_enabled), cron = coalesce(${cron}::text, cron),
          payload = coalesce(${payload === undefined ? null : JSON.stringify(payload)}::text::jsonb, payload)
        where name = ${name}::text returning name`;
      return rows.length === 1;
    },
  };
}

function runOfRow(row: RunRow): JobRunRecord {
  return {
    id: String(row.id),
    scheduledFor: row.scheduled_for,
    attempt: row.attempt,
    state: row.state,
    runner: row.runner,
    progress: row.progress,
    outcome: row.outcome,
    errorCode: row.error_code,
    startedAt: row.started_at,
    heartbeatAt: row.heartbeat_at,
    finishedAt: row.finished_at,
  };
}
