import type { SqlTag } from "../../db/database.ts";
import { tableFilter } from "./ledgerPage.ts";

/** What is to be sent again or moved; all conditions hold. */
export interface ReplayQueueFilter {
  readonly ids?: readonly string[] | undefined;
  /** `table` or `schema.table`. */
  readonly table?: string | undefined;
  readonly since?: Date | undefined;
}

/** An open letter in the order in which letters are sent again. */
export interface QueuedLetter {
  readonly id: string;
  /** When it died, to the microsecond. */
  readonly at: string;
  readonly table: string;
}

/** A record with open fields, in the order of its table and id. */
export interface QueuedRescue {
  readonly id: string;
  readonly oid: string;
  readonly table: string;
}

/** Open letters behind a place, the oldest first. */
export async function nextLetters(
  sql: SqlTag,
  filter: ReplayQueueFilter,
  after: { readonly at: string; readonly id: string } | undefined,
  limit: number,
): Promise<QueuedLetter[]> {
  const { ids, since = null } = filter;
  const { schema, name, oid } = await tableFilter(sql, filter.table);
  return await sql<QueuedLetter>`
    select id, to_char(died_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
      table_schema || '.' || table_name as table
    from resilience.dead_letters
    where outcome is null and (${ids === undefined}::boolean or id = any (${ids ?? []}::uuid[]))
      and (${name}::text is null or (table_schema = ${schema}::text and table_name = ${name}::text)
        or table_oid = ${oid}::bigint)
      and (${since}::timestamptz is null or died_at >= ${since}::timestamptz)
      and (${after?.at ?? null}::timestamptz is null
        or (died_at, id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
    order by died_at, id limit ${limit}::integer`;
}

/** Records with open fields of rows that have landed, behind a place. */
export async function nextRescues(
  sql: SqlTag,
  filter: ReplayQueueFilter,
  after: { readonly oid: string; readonly id: string } | undefined,
  limit: number,
): Promise<QueuedRescue[]> {
  const { ids, since = null } = filter;
  const { schema, name, oid } = await tableFilter(sql, filter.table);
  return await sql<QueuedRescue>`
    select id, table_oid::text as oid, table_schema || '.' || table_name as table
    from resilience.rescued_fields
    where replayed_at is null and landed_at is not null
      and (${ids === undefined}::boolean or id = any (${ids ?? []}::uuid[]))
      and (${name}::text is null or (table_schema = ${schema}::text and table_name = ${name}::text)
        or table_oid = ${oid}::bigint)
      and (${since}::timestamptz is null or rescued_at >= ${since}::timestamptz)
      and (${after?.oid ?? null}::bigint is null
        or (table_oid, id) > (${after?.oid ?? null}::bigint, ${after?.id ?? null}::uuid))
    order by table_oid, id limit ${limit}::integer`;
}
