import * as z from "zod";
import type { JobContext } from "../../_shared/jobs/jobFactory.ts";
import type { ChunkResult, JobChunk } from "../../_shared/jobs/runLeasedJob.ts";
import { PurgeRetention, type PurgeTarget, purgeTargets } from "./purgeTargets.ts";

const Progress = z.object({
  /** The target whose turn it is. */
  target: z.string(),
  /** Rows removed so far, by target. */
  purged: z.record(z.string(), z.int()),
});

/** Where a purge stands. */
export type PurgeProgress = z.output<typeof Progress>;

/** What a purge came to: rows removed, by target. */
export type PurgeOutcome = { readonly purged: Readonly<Record<string, number>> };

/** Rows a chunk removes: some 20 ms of the database's time, far within a lease and a deadline. */
const chunkRows = 1000;

/** Reads a saved cursor; one that names a target which is gone starts over, which costs nothing. */
export function readPurgeProgress(
  saved: unknown,
  targets: readonly PurgeTarget[] = purgeTargets,
): PurgeProgress | undefined {
  const parsed = Progress.safeParse(saved);
  return parsed.success && targets.some(({ name }) => name === parsed.data.target) ? parsed.data : undefined;
}

/**
 * Removes one chunk of what has expired, together with the cursor: a runner that dies repeats nothing. Where `isDryRun` is
 * set it counts instead.
 */
export async function purgeExpired(
  chunk: JobChunk<PurgeProgress>,
  { admin }: Pick<JobContext, "admin">,
  targets: readonly PurgeTarget[] = purgeTargets,
): Promise<ChunkResult<PurgeProgress, PurgeOutcome>> {
  const { isDryRun } = chunk;
  const retention = PurgeRetention.parse(chunk.payload);
  const purged = chunk.progress?.purged ?? {};
  const place = chunk.progress === undefined ? 0 : targets.findIndex(({ name }) => name === chunk.progress?.target);
  const target = targets[place];
  if (target === undefined) return { isDone: true, outcome: { purged } };
  const limit = isDryRun ? 2_147_483_647 : chunkRows;
  return await admin.transaction(async (sql) => {
    const count = await target.purge(sql, { limit, isDryRun, retention });
    const total = { ...purged, [target.name]: (purged[target.name] ?? 0) + count };
    const next = count < limit ? targets[place + 1] : target;
    if (next === undefined) return { isDone: true, outcome: { purged: total } };
    const progress = { target: next.name, purged: total };
    await chunk.saveProgress(sql, progress);
    return { isDone: false, progress };
  });
}
