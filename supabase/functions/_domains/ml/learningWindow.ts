import * as z from "zod";
import type { SqlTag } from "../../_shared/db/database.ts";

const Progress = z.object({
  /** The beginning of the hour or day that is learned for. */
  windowStart: z.string(),
  /** What arrived after `from` until `until` is new. */
  from: z.string(),
  until: z.string(),
  step: z.string(),
  /** Where the step stands; each step knows what it means. */
  cursor: z.union([z.string(), z.number()]).nullable(),
  /** What was done so far, by step. */
  counts: z.record(z.string(), z.number()),
  /** What steps tell those after them. */
  notes: z.record(z.string(), z.unknown()),
});

/** Where a run of batch learning stands: `ops-jobs` shows it. */
export type LearningProgress = z.output<typeof Progress>;

/** Reads a saved cursor; one that names a step which is gone starts over, which does nothing twice. */
export function readLearningProgress(steps: readonly { readonly name: string }[]) {
  return (saved: unknown): LearningProgress | undefined => {
    const parsed = Progress.safeParse(saved);
    return parsed.success && steps.some(({ name }) => name === parsed.data.step) ? parsed.data : undefined;
  };
}

/** The beginning of the window a moment is in, in UTC. */
export function windowStartOf(at: Date, unit: "hour" | "day"): string {
  const start = new Date(at);
  if (unit === "day") start.setUTCHours(0, 0, 0, 0);
  else start.setUTCMinutes(0, 0, 0);
  return start.toISOString();
}

/** What a window has to read: undefined where it is done. `until` leaves out the last moments, as their writers may still be at it. */
export async function openWindow(
  sql: SqlTag,
  { job, windowStart, lagSeconds }: { job: string; windowStart: string; lagSeconds: number },
): Promise<{ from: string; until: string } | undefined> {
  const [row] = await sql<{ is_done: boolean; from: Date; until: Date }>`
    select exists (select 1 from personalization.learning_windows w
        where w.job = ${job} and w.window_start = ${windowStart}::text::timestamptz) as is_done,
      coalesce((select m.read_until from personalization.learning_marks m where m.name = ${job}), '2000-01-01') as from,
      now() - make_interval(secs => ${lagSeconds}::integer) as until`;
  if (row === undefined || row.is_done) return undefined;
  return { from: row.from.toISOString(), until: row.until.toISOString() };
}

/** Says that a window is done, and up to when arrivals have been read. */
export async function closeWindow(sql: SqlTag, job: string, progress: LearningProgress): Promise<void> {
  await sql`
    with mark as (
      insert into personalization.learning_marks as m (name, read_until) values (${job}, ${progress.until}::text::timestamptz)
      on conflict (name) do update set read_until = greatest(m.read_until, excluded.read_until)
    ), old as (
      delete from personalization.learning_windows w
      where w.job = ${job} and w.window_start < ${progress.windowStart}::text::timestamptz - interval '90 days'
    )
    insert into personalization.learning_windows (job, window_start, outcome)
    values (${job}, ${progress.windowStart}::text::timestamptz, ${progress.counts}::jsonb)
    on conflict (job, window_start) do nothing`;
}
