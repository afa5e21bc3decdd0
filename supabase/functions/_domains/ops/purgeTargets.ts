import * as z from "zod";
import type { SqlTag } from "../../_shared/db/database.ts";

/** How long things are kept; the `payload` of the schedule may say otherwise. */
export const PurgeRetention = z.object({
  /** Ended runs; each job's newest run and newest success stay. @default 30 */
  jobRunDays: z.number().positive().default(30),
  /** Messages that were given up. @default 90 */
  deadLetterDays: z.number().positive().default(90),
  /** Isolates that were not heard of. @default 7 */
  isolateDays: z.number().positive().default(7),
  /**
   * What healing did, and of rows whose every field stands in a column how they were sent: what is older can neither be
   * explained nor undone nor rebuilt to the letter. Fields that are still set aside stay, whatever their age. @default 365
   */
  healDays: z.number().positive().default(365),
  /** Writes that were given up and have landed or were discarded since; those that have not stay. @default 90 */
  settledLetterDays: z.number().positive().default(90),
  /** Questions that an advisor was asked; after that they may be asked again. @default 90 */
  questionDays: z.number().positive().default(90),
  /** What became of circuits. @default 90 */
  circuitDays: z.number().positive().default(90),
  /** Turns of knobs, and changes that have ended; cooldowns look back as far. @default 730 */
  tuningDays: z.number().positive().default(730),
  /** Tags of caches that were dropped; nothing is cached for more than a day. @default 7 */
  cacheTagDays: z.number().min(2).default(7),
  /** Rules of healing that were refuted or are not wanted. @default 180 */
  ruleDays: z.number().positive().default(180),
  /** What calls of models used and cost. @default 90 */
  aiUsageDays: z.number().positive().default(90),
  /** What isolates told of trips, sheds, retries, failures and their kin. @default 30 */
  eventDays: z.number().positive().default(30),
  /** Alerts that were resolved, what was told of them, and silences that have ended. @default 90 */
  alertDays: z.number().positive().default(90),
});

/** How long things are kept. */
export type PurgeRetention = z.output<typeof PurgeRetention>;

/** Something that expires. */
export interface PurgeTarget {
  readonly name: string;
  /** Removes up to `limit` expired rows and gives their number; with `isDryRun` it only counts them. */
  purge(sql: SqlTag, options: { limit: number; isDryRun: boolean; retention: PurgeRetention }): Promise<number>;
}

const count = ([row]: { doomed: number }[]) => row?.doomed ?? 0;

/**
 * What is purged, in this order. Each is one statement: rows are chosen with `skip locked` and checked again under their
 * lock, so that one that is being renewed right now stays.
 */
export const purgeTargets: readonly PurgeTarget[] = [
  {
    name: "idempotency_keys",
    purge: async (sql, { limit, isDryRun }) =>
      count(
        isDryRun
          ? await sql<{ doomed: number }>`
            select count(*)::integer as doomed from resilience.idempotency_keys where expires_at <= now()`
          : await sql<{ doomed: number }>`select resilience.purge_idempotency_keys(${limit}::integer) as doomed`,
      ),
  },
  {
    name: "rate_limits",
    purge: async (sql, { limit, isDryRun }) =>
      count(
        isDryRun
          ? await sql<{ doomed: number }>`
            select count(*)::integer as doomed from resilience.rate_limits where expires_at <= now()`
          : await sql<{ doomed: number }>`select resilience.purge_rate_limits(${limit}::integer) as doomed`,
      ),
  },
  {
    name: "job_runs",
    purge: async (sql, { limit, isDryRun, retention }) =>
      count(
        await sql<{ doomed: number }>`
          with doomed as materialized (
            select run.id from resilience.job_runs run
            where run.finished_at < now() - make_interval(secs => 86400 * ${retention.jobRunDays}::double precision)
              and exists (select 1 from resilience.job_runs newer
                where newer.job_name = run.job_name and newer.id > run.id)
              and (run.state <> 'succeeded' or exists (select 1 from resilience.job_runs newer
                where newer.job_name = run.job_name and newer.state = 'succeeded' and newer.finished_at > run.finished_at))
            order by run.finished_at limit ${limit}::integer for update of run skip locked
          ),
          gone as (
            delete from resilience.job_runs run using doomed where run.id = doomed.id and not ${isDryRun}::boolean
          )
          select count(*)::integer as doomed from doomed`,
      ),
  },
  {
    name: "queue_dead_letters",
    purge: async (sql, { limit, isDryRun, retention }) =>
      count(
        await sql<{ doomed: number }>`
          with doomed as materialized (
            select letter.id from resilience.queue_dead_letters letter
            where letter.died_at < now() - make_interval(secs => 86400 * ${retention.deadLetterDays}::double precision)
            order by letter.died_at limit ${limit}::integer for update skip locked
          ),
          gone as (
            delete from resilience.queue_dead_letters letter using doomed
            where letter.id = doomed.id and not ${isDryRun}::boolean
          )
          select count(*)::integer as doomed from doomed`,
      ),
  },
  {
    name: "isolates",
    purge: async (sql, { limit, isDryRun, retention }) =>
      count(
        await sql<{ doomed: number }>`
          with doomed as materialized (
            select isolate.id from resilience.isolates isolate
            where isolate.seen_at < now() - make_interval(secs => 86400 * ${retention.isolateDays}::double precision)
            order by isolate.seen_at limit ${limit}::integer for update skip locked
          ),
          gone as (
            delete from resilience.isolates isolate using doomed
            where isolate.id = doomed.id and not ${isDryRun}::boolean
          )
          select count(*)::integer as doomed from doomed`,
      ),
  },
  {
    name: "rescued_fields",
    purge: async (sql, { limit, isDryRun, retention }) =>
      count(
        await sql<{ doomed: number }>`
          select resilience.purge_rescued_fields(now() - make_interval(secs => 86400 * ${retention.healDays}::double precision),
            ${limit}::integer, ${isDryRun}::boolean) as doomed`,
      ),
  },
  {
    name: "noted_rows",
    purge: async (sql, { limit, isDryRun, retention }) =>
      count(
        await sql<{ doomed: number }>`
          select resilience.purge_noted_rows(now() - make_interval(secs => 86400 * ${retention.healDays}::double precision),
            ${limit}::integer, ${isDryRun}::boolean) as doomed`,
      ),
  },
  {
    name: "healing_events",
    purge: async (sql, { limit, isDryRun, retention }) =>
      count(
        await sql<{ doomed: number }>`
          select resilience.purge_heals(now() - make_interval(secs => 86400 * ${retention.healDays}::double precision),
            ${limit}::integer, ${isDryRun}::boolean) as doomed`,
      ),
  },
  {
    name: "dead_letters",
    purge: async (sql, { limit, isDryRun, retention }) =>
      count(
        await sql<{ doomed: number }>`
          select resilience.purge_dead_letters(now() - make_interval(secs => 86400 * ${retention.settledLetterDays}::double precision),
            ${limit}::integer, ${isDryRun}::boolean) as doomed`,
      ),
  },
  {
    name: "transaction_logs",
    purge: async (sql, { limit, isDryRun }) =>
      count(
        isDryRun
          ? await sql<{ doomed: number }>`
            select count(*)::integer as doomed from resilience.transaction_logs where expires_at <= clock_timestamp()`
          : await sql<{ doomed: number }>`select resilience.purge_transaction_logs(${limit}::integer) as doomed`,
      ),
  },
  {
    name: "ai_questions",
    purge: async (sql, { limit, isDryRun, retention }) =>
      count(
        await sql<{ doomed: number }>`
          select resilience.purge_ai_questions(now() - make_interval(secs => 86400 * ${retention.questionDays}::double precision),
            ${limit}::integer, ${isDryRun}::boolean) as doomed`,
      ),
  },
  {
    name: "healing_rules",
    purge: async (sql, { limit, isDryRun, retention }) =>
      count(
        await sql<{ doomed: number }>`
          select resilience.purge_healing_rules(now() - make_interval(secs => 86400 * ${retention.ruleDays}::double precision),
            ${limit}::integer, ${isDryRun}::boolean) as doomed`,
      ),
  },
  {
    name: "circuits",
    purge: async (sql, { limit, isDryRun, retention }) =>
      count(
        await sql<{ doomed: number }>`
          select resilience.purge_circuits(now() - make_interval(secs => 86400 * ${retention.circuitDays}::double precision),
            ${limit}::integer, ${isDryRun}::boolean) as doomed`,
      ),
  },
  {
    name: "tuning",
    purge: async (sql, { limit, isDryRun, retention }) =>
      count(
        await sql<{ doomed: number }>`
          select resilience.purge_tuning(now() - make_interval(secs => 86400 * ${retention.tuningDays}::double precision),
            ${limit}::integer, ${isDryRun}::boolean) as doomed`,
      ),
  },
  {
    name: "cache_tags",
    purge: async (sql, { limit, isDryRun, retention }) =>
      count(
        await sql<{ doomed: number }>`
          select resilience.purge_cache_tags(now() - make_interval(secs => 86400 * ${retention.cacheTagDays}::double precision),
            ${limit}::integer, ${isDryRun}::boolean) as doomed`,
      ),
  },
  {
    name: "ai_usage",
    purge: async (sql, { limit, isDryRun, retention }) =>
      count(
        await sql<{ doomed: number }>`
          select resilience.purge_ai_usage(now() - make_interval(secs => 86400 * ${retention.aiUsageDays}::double precision),
            ${limit}::integer, ${isDryRun}::boolean) as doomed`,
      ),
  },
  {
    name: "kernel_events",
    purge: async (sql, { limit, isDryRun, retention }) =>
      count(
        await sql<{ doomed: number }>`
          select resilience.purge_kernel_events(now() - make_interval(secs => 86400 * ${retention.eventDays}::double precision),
            ${limit}::integer, ${isDryRun}::boolean) as doomed`,
      ),
  },
  {
    name: "alerts",
    purge: async (sql, { limit, isDryRun, retention }) =>
      count(
        await sql<{ doomed: number }>`
          select resilience.purge_alerts(now() - make_interval(secs => 86400 * ${retention.alertDays}::double precision),
            ${limit}::integer, ${isDryRun}::boolean) as doomed`,
      ),
  },
];
