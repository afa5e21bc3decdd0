import { readBigQuerySettings } from "../../supabase/functions/_domains/analytics/bigQuerySettings.ts";
import { bigQuerySink } from "../../supabase/functions/_domains/analytics/bigQuerySink.ts";
import type { EventSink } from "../../supabase/functions/_domains/analytics/eventSink.ts";
import {
  flushEvents,
  type FlushProgress,
  readFlushProgress,
} from "../../supabase/functions/_domains/analytics/flushEvents.ts";
import { CircuitRegistry } from "../../supabase/functions/_shared/breaker/circuitRegistry.ts";
import { postgresJobStore } from "../../supabase/functions/_shared/jobs/postgresJobStore.ts";
import { type JobChunk, runLeasedJob } from "../../supabase/functions/_shared/jobs/runLeasedJob.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { type Clock, systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import type { BigQueryServer } from "../harness/bigQueryServer.ts";
import { addSchedule, type JobDatabase, jobDatabase } from "./jobs/jobDatabase.ts";

/** Waits take no time. */
export const hastyClock: Clock = {
  now: () => systemClock.now(),
  monotonic: () => systemClock.monotonic(),
  setTimer: (callback, delayMs) => systemClock.setTimer(callback, delayMs < 20_000 ? 0 : delayMs),
};

/** The sink of a server's table. */
export function sinkOf(server: BigQueryServer, clock: Pick<Clock, "now"> = systemClock): EventSink {
  const env: Record<string, string> = {
    BALLAST_BIGQUERY_TABLE: "shop-project.events.raw",
    BALLAST_BIGQUERY_KEY: server.keyJson,
    BALLAST_BIGQUERY_URL: server.url,
  };
  return bigQuerySink(readBigQuerySettings((name) => env[name], { isHosted: false })!, clock);
}

/** A database with events-flush on its schedule. */
export async function flushDatabase(): Promise<JobDatabase> {
  const database = await jobDatabase();
  await addSchedule(database.sql, "events-flush");
  return database;
}

const deadline = { signal: new AbortController().signal, remainingMs: () => 60_000, shouldYield: () => false };

type Work = ReturnType<typeof flushEvents>;

/** One wake-up of events-flush. */
export async function flush(
  { admin }: Pick<JobDatabase, "admin">,
  sink: EventSink | undefined,
  work: (chunk: JobChunk<FlushProgress>, go: () => Work) => Work = (_chunk, go) => go(),
) {
  const ports = { sink, breakers: new CircuitRegistry(), random: seededRandom(5) };
  return await runLeasedJob({
    store: postgresJobStore(admin.sql),
    job: "events-flush",
    deadline,
    readProgress: readFlushProgress,
    work: (chunk: JobChunk<FlushProgress>) =>
      work(chunk, () => flushEvents(chunk, { admin, clock: hastyClock }, ports)),
  });
}

/** Stores events as tracking does, in one transaction; gives their ids. */
export async function storeEvents(
  sql: JobDatabase["sql"],
  count: number,
  { subject = crypto.randomUUID(), query = null }: { subject?: string; query?: string | null } = {},
): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    insert into personalization.interactions (event_id, occurred_at, subject_id, signal, strength, query, raw)
    select gen_random_uuid(), now() - interval '1 second', ${subject}, 'click', 0.2, ${query}, '{"type": "click"}'
    from generate_series(1, ${count}::integer) returning event_id as id`;
  return rows.map(({ id }) => id);
}
