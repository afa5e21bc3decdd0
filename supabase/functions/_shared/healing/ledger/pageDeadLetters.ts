import type { SqlTag } from "../../db/database.ts";
import type { DeadLetter } from "./deadLetter.ts";
import { type LedgerPage, ledgerPage, type LedgerPlace, tableFilter } from "./ledgerPage.ts";
import { letterOfRow, type LetterRow } from "./postgresDeadLetterStore.ts";

/** Which letters; all conditions hold. */
export interface DeadLetterPageFilter {
  /** `table` or `schema.table`. */
  readonly table?: string | undefined;
  readonly since?: Date | undefined;
  /** Only those that nobody has settled. */
  readonly isOpen: boolean;
  readonly after?: LedgerPlace | undefined;
  readonly limit: number;
}

/** A letter, and how it fares with the job that sends letters again. */
export interface PagedLetter {
  readonly letter: DeadLetter;
  readonly replays: number;
  readonly triedAt: Date | null;
  readonly nextTryAt: Date | null;
  readonly settleReason: string | null;
}

interface PagedLetterRow extends LetterRow {
  readonly place: string;
  readonly replays: number;
  readonly tried_at: Date | null;
  readonly next_try_at: Date | null;
  readonly settle_reason: string | null;
}

/** A page of dead letters, the newest first. */
export async function pageDeadLetters(sql: SqlTag, filter: DeadLetterPageFilter): Promise<LedgerPage<PagedLetter>> {
  const { since = null, isOpen, after, limit } = filter;
  const { schema, name, oid } = await tableFilter(sql, filter.table);
  const rows = await sql<PagedLetterRow>`
    select letter.*, to_char(died_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as place
    from resilience.dead_letters letter
    where (${name}::text is null or (table_schema = ${schema}::text and table_name = ${name}::text)
        or table_oid = ${oid}::bigint)
      and (${since}::timestamptz is null or died_at >= ${since}::timestamptz)
      and (not ${isOpen}::boolean or outcome is null)
      and (${after?.at ?? null}::timestamptz is null
        or (died_at, id) < (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
    order by died_at desc, id desc limit ${limit + 1}::integer`;
  return ledgerPage(rows, limit, (row) => ({
    letter: letterOfRow(row),
    replays: row.replays,
    triedAt: row.tried_at,
    nextTryAt: row.outcome === null ? row.next_try_at : null,
    settleReason: row.settle_reason,
  }));
}
