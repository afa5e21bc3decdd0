import type { SqlTag } from "../../db/database.ts";
import { defaultKnobs } from "../../optimizer/knobs/knobReader.ts";
import { afterDeadlockKnob } from "../retry/retryKnobs.ts";
import type { RunTransactionOptions } from "./transactionOptions.ts";

const deadlock = "40P01";

/**
 * Does the next try stand in line? Only where statements see what was committed before them: a snapshot that is kept for the whole
 * transaction would be taken before the wait, and be out of date after it.
 */
export function standsInLine(
  code: string | undefined,
  { knobs = defaultKnobs, isolation = "read committed" }: Pick<RunTransactionOptions, "knobs" | "isolation">,
): boolean {
  return code === deadlock && isolation === "read committed" && knobs.read(afterDeadlockKnob) === "queue";
}

/**
 * Waits until no other transaction that has met a deadlock is under way. It is the first thing such a try asks for, and nobody
 * else asks for it: so it can be no part of another deadlock.
 */
export async function standInLine(sql: SqlTag): Promise<void> {
  await sql`select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('ballast.deadlocked', 0))`;
}
