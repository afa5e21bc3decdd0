import type { SqlTag } from "../../db/database.ts";

/** What became of letters that were to be discarded. */
export interface DiscardReport {
  readonly discarded: readonly string[];
  /** Settled before, by whom and how. */
  readonly settled: readonly { readonly id: string; readonly outcome: string; readonly by: string | null }[];
  /** Ids of no letter. */
  readonly unknown: readonly string[];
}

/**
 * Gives letters up for good, once: they are kept for as long as settled letters are, and never sent again. One that is being
 * sent at this moment is waited for, and not discarded if it lands.
 */
export async function discardDeadLetters(
  sql: SqlTag,
  ids: readonly string[],
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<DiscardReport> {
  // Locked in one order: two who discard the same letters never wait for each other in a circle.
  const rows = await sql<{ id: string }>`
    with open as materialized (
      select id from resilience.dead_letters where id = any (${ids}::uuid[]) and outcome is null order by id for update
    )
    update resilience.dead_letters letter
    set outcome = 'discarded', replayed_at = clock_timestamp(), settled_by = ${by}, settle_reason = ${reason}
    from open where letter.id = open.id and letter.outcome is null returning letter.id`;
  const discarded = new Set(rows.map(({ id }) => id));
  const others = [...new Set(ids.map((id) => id.toLowerCase()))].filter((id) => !discarded.has(id));
  const settled = others.length === 0 ? [] : await sql<{ id: string; outcome: string; by: string | null }>`
    select id, outcome, settled_by as by from resilience.dead_letters
    where id = any (${others}::uuid[]) and outcome is not null order by id`;
  const known = new Set(settled.map(({ id }) => id));
  return { discarded: [...discarded].sort(), settled, unknown: others.filter((id) => !known.has(id)) };
}
