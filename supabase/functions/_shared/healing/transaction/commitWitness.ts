import type { SqlTag } from "../../db/database.ts";
import { sqlStateOf } from "../../db/sqlState.ts";

/** What a transaction is known by afterwards. */
export interface CommitWitness {
  readonly xid: string;
  /** The server's life between two crashes. */
  readonly life: string;
}

/** What Postgres says of a transaction. `doubtful`: it names a commit, or nothing, and the id may be another's by now. */
export type CommitFate = "landed" | "not_landed" | "in_progress" | "doubtful";

const invalidParameterValue = "22023";

/**
 * Takes the witness, within the transaction.
 *
 * An id alone is none. A crash loses ids that had not reached the log on disk, and the server gives them to others: asked
 * for ours, `pg_xact_status` then speaks of a stranger's commit. What a crash always changes, of the postmaster or of a
 * backend alone, is the time statistics were reset; a clean restart loses no ids, and leaves it.
 */
export async function takeWitness(sql: SqlTag): Promise<CommitWitness> {
  const [row] = await sql<{ xid: string; life: string }>`
    select pg_current_xact_id()::text as xid, coalesce(pg_stat_get_bgwriter_stat_reset_time()::text, '') as life`;
  return row!;
}

/** Asks for the fate of a transaction, outside it. */
export async function readCommitFate(sql: SqlTag, { xid, life }: CommitWitness): Promise<CommitFate> {
  try {
    const [row] = await sql<{ fate: string | null; life: string }>`
      select pg_xact_status(${xid}::text::xid8) as fate,
        coalesce(pg_stat_get_bgwriter_stat_reset_time()::text, '') as life`;
    switch (row?.fate) {
      case "in progress":
        return "in_progress";
      case "aborted":
        return "not_landed"; // Whosever it is: an id that has landed is never given out again.
      case "committed":
        return row.life === life && life !== "" ? "landed" : "doubtful";
      default:
        return "doubtful";
    }
  } catch (error) {
    // "In the future": a crash lost the id, and nobody has it yet.
    if (sqlStateOf(error) === invalidParameterValue) return "not_landed";
    throw error;
  }
}
