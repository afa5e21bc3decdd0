import type { SqlTag } from "../../../_shared/db/database.ts";
import { readSweep } from "./replayProgress.ts";

/** After so long all that is kept is looked at anyway: a row may have come back, or a column been emptied. */
const sweepAtLeastEachMs = 24 * 3_600_000;

/**
 * What decides where kept fields belong: the schema, and the mappings that are applied. Counts of outcomes are left out, as they
 * change with every write.
 */
export async function sweepBasis(sql: SqlTag, schemaHash: string): Promise<string> {
  const [row] = await sql<{ patterns: string | null }>`
    select md5(string_agg(id::text || target_attnum::text, ',' order by id)) as patterns
    from resilience.healing_patterns where state in ('active', 'approved')`;
  return `${schemaHash}:${row?.patterns ?? ""}`;
}

/** The sweep that the newest success of the job has told of. */
export async function lastSweep(sql: SqlTag, job: string) {
  const [row] = await sql<{ outcome: unknown }>`
    select outcome from resilience.job_runs where job_name = ${job}::text and state = 'succeeded'
    order by finished_at desc limit 1`;
  return readSweep(row?.outcome);
}

/** Is there a reason to look at all that is kept? */
export function isSweepDue(last: Awaited<ReturnType<typeof lastSweep>>, basis: string, now: number): boolean {
  return last === undefined || last.basis !== basis || !(now - Date.parse(last.startedAt) < sweepAtLeastEachMs);
}
