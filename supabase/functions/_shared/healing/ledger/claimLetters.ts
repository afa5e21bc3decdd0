import type { SqlTag } from "../../db/database.ts";

/** Which letters a job sends again. */
export interface LetterClaim {
  /** The schema's hash by now. */
  readonly schemaHash: string;
  readonly limit: number;
  /**
   * Letters whose time has come, or, behind a place, all that were last tried under another schema: those died before
   * `before`, the oldest first.
   */
  readonly of: "due" | { readonly before: Date; readonly behind?: LetterPlace | undefined };
}

/** Where a walk over letters stands. */
export interface LetterPlace {
  /** An ISO time with microseconds. */
  readonly at: string;
  readonly id: string;
}

/** Letters that were claimed, the oldest first. */
export interface ClaimedLetters {
  readonly ids: readonly string[];
  /** Absent where there are no more. */
  readonly next?: LetterPlace;
}

/** Tries that time alone gives: with waits of 15 min, 30 min, 1 h, ... and a day at most, they go on for six days. */
export const mostTimedTries = 12;
/** Tries in all: a schema that changes each hour is no reason to send the same letter for ever. */
export const mostTries = 50;

/**
 * Counts a try of each letter before it is made, and says when the next one is due. So a letter whose sending ends its runner
 * (too large, too slow) is out of the way the next time, and no two runners send the same letters one after the other.
 */
export async function claimLetters(sql: SqlTag, { schemaHash, limit, of }: LetterClaim): Promise<ClaimedLetters> {
  const isDue = of === "due";
  const { before = null, behind = undefined } = isDue ? {} : of;
  const rows = isDue
    ? await sql<LetterPlace>`
      select id, to_char(died_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
      from resilience.dead_letters where outcome is null and next_try_at <= clock_timestamp()
      order by next_try_at, id limit ${limit}::integer for update skip locked`
    : await sql<LetterPlace>`
      select id, to_char(died_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
      from resilience.dead_letters
      where outcome is null and replays < ${mostTries}::integer and died_at < ${before}::timestamptz
        and coalesce(tried_schema, schema_version) is distinct from ${schemaHash}::text
        and (${behind?.at ?? null}::timestamptz is null
          or (died_at, id) > (${behind?.at ?? null}::timestamptz, ${behind?.id ?? null}::uuid))
      order by died_at, id limit ${limit}::integer for update skip locked`;
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0) {
    await sql`
      update resilience.dead_letters set replays = replays + 1, tried_schema = ${schemaHash}::text,
        next_try_at = case when replays + 1 < ${mostTimedTries}::integer
          then clock_timestamp() + make_interval(secs => least(86400, 900 * power(2, replays + 1))) end
      where id = any (${ids}::uuid[])`;
  }
  const last = rows.at(-1);
  return { ids, ...(last === undefined || rows.length < limit ? {} : { next: { at: last.at, id: last.id } }) };
}

/** How many letters a claim would find, counted up to `most`. */
export async function countDueLetters(sql: SqlTag, schemaHash: string, most: number): Promise<number> {
  const [row] = await sql<{ count: number }>`
    select count(*)::integer as count from (
      select from resilience.dead_letters
      where outcome is null and (next_try_at <= clock_timestamp()
        or (replays < ${mostTries}::integer and coalesce(tried_schema, schema_version) is distinct from ${schemaHash}::text))
      limit ${most}::integer) due`;
  return row?.count ?? 0;
}
