import type { SqlTag } from "../db/database.ts";
import type { JobClaim, JobHealth, JobStore } from "./jobStore.ts";
import { toJsonText } from "./jsonText.ts";

interface ClaimRow {
  status: JobClaim["status"];
  run_id: string;
  scheduled_for: Date;
  attempt: number;
  progress: unknown;
  payload: Record<string, unknown>;
  lease_token: string;
  lease_seconds: number;
  lease_expires_at: Date;
}

interface HealthRow {
  job_name: string;
  is_enabled: boolean;
  last_succeeded_at: Date | null;
  is_overdue: boolean;
  is_running: boolean;
  failed_count: string;
  abandoned_count: string;
}

/** Runs kept in `resilience.job_runs`. Each call is one statement, so that it works through a transaction pooler. */
export function postgresJobStore(sql: SqlTag): JobStore {
  return {
    async claim({ job, scheduledFor, runner }) {
      const at = scheduledFor?.toISOString() ?? null;
      const [row] = await sql<ClaimRow>`
        select * from resilience.claim_job_run(${job}, ${at}::text::timestamptz, ${runner ?? null})`;
      if (row === undefined) throw new Error(`Cannot claim the job '${job}' as the database gave no answer`);
      return toClaim(job, row);
    },
    async renew({ runId, token }, options = {}) {
      const progress = toJsonText(options.progress);
      const [row] = await (options.sql ?? sql)<{ is_ours: boolean }>`
        select resilience.renew_job_lease(${runId}::text::bigint, ${token}::text::uuid, ${progress}::text::jsonb)
          is not null as is_ours`;
      return row?.is_ours === true;
    },
    async finish({ runId, token }, end) {
      const progress = end.state === "paused" ? toJsonText(end.progress) : null;
      const outcome = end.state === "succeeded" ? toJsonText(end.outcome) : null;
      const errorCode = end.state === "failed" ? end.errorCode : null;
      const [row] = await sql<{ is_ours: boolean }>`
        select resilience.finish_job_run(${runId}::text::bigint, ${token}::text::uuid, ${end.state},
          ${progress}::text::jsonb, ${outcome}::text::jsonb, ${errorCode}) as is_ours`;
      return row?.is_ours === true;
    },
    async health() {
      return (await sql<HealthRow>`select * from resilience.job_health()`).map(toHealth);
    },
  };
}

function toClaim(job: string, row: ClaimRow): JobClaim {
  if (row.status === "busy") return { status: "busy", leaseExpiresAt: new Date(row.lease_expires_at) };
  if (row.status !== "claimed") return { status: row.status };
  return {
    status: "claimed",
    run: {
      job,
      runId: String(row.run_id),
      token: row.lease_token,
      scheduledFor: new Date(row.scheduled_for),
      attempt: row.attempt,
      progress: row.progress ?? undefined,
      payload: row.payload,
      leaseMs: row.lease_seconds * 1000,
    },
  };
}

function toHealth(row: HealthRow): JobHealth {
  return {
    job: row.job_name,
    isEnabled: row.is_enabled,
    lastSucceededAt: row.last_succeeded_at === null ? undefined : new Date(row.last_succeeded_at),
    isOverdue: row.is_overdue,
    isRunning: row.is_running,
    failedCount: Number(row.failed_count),
    abandonedCount: Number(row.abandoned_count),
  };
}
