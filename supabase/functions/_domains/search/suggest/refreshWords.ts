import type { JobContext } from "../../../_shared/jobs/jobFactory.ts";
import type { ChunkResult, JobChunk } from "../../../_shared/jobs/runLeasedJob.ts";

/** Finds popular queries anew and forgets words of products that are not on sale any more. */
export async function refreshWords(
  { isDryRun }: Pick<JobChunk<never>, "isDryRun">,
  { admin }: JobContext,
): Promise<ChunkResult<never, { readonly popularQueries: number }>> {
  const [row] = isDryRun
    ? await admin.sql<{ count: number }>`select count(*)::integer as count from search.popular_queries`
    : await admin.sql<{ count: number }>`select search.refresh_words() as count`;
  return { isDone: true, outcome: { popularQueries: row!.count } };
}
