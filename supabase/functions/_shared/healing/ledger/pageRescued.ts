import type { SqlTag } from "../../db/database.ts";
import { type LedgerPage, ledgerPage, type LedgerPlace, tableFilter } from "./ledgerPage.ts";
import { rescueOfRow, type RescueRow } from "./postgresRescueStore.ts";
import type { Rescue } from "./rescue.ts";

/** Which records of rescued fields; all conditions hold. */
export interface RescuePageFilter {
  /** `table` or `schema.table`. */
  readonly table?: string | undefined;
  readonly since?: Date | undefined;
  /** Only those with fields that have not moved. */
  readonly isOpen: boolean;
  readonly after?: LedgerPlace | undefined;
  readonly limit: number;
}

/** A rescue, and whether its row's key is a key: of a table that has none the whole row is. */
export interface PagedRescue {
  readonly rescue: Rescue;
  readonly hasPrimaryKey: boolean;
}

/** A page of records that set fields aside, the newest first. Records of rows that landed whole are left out. */
export async function pageRescued(sql: SqlTag, filter: RescuePageFilter): Promise<LedgerPage<PagedRescue>> {
  const { since = null, isOpen, after, limit } = filter;
  const { schema, name, oid } = await tableFilter(sql, filter.table);
  const rows = await sql<RescueRow & { place: string; has_primary_key: boolean }>`
    select rescue.*, to_char(rescued_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as place,
      exists (select from pg_catalog.pg_constraint pk where pk.conrelid = rescue.table_oid::oid and pk.contype = 'p')
        as has_primary_key
    from resilience.rescued_fields rescue
    where (${name}::text is null or (table_schema = ${schema}::text and table_name = ${name}::text)
        or table_oid = ${oid}::bigint)
      and (${since}::timestamptz is null or rescued_at >= ${since}::timestamptz)
      and (not ${isOpen}::boolean or replayed_at is null)
      and (open_fields <> '{}' or replays <> '[]')
      and (${after?.at ?? null}::timestamptz is null
        or (rescued_at, id) < (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
    order by rescued_at desc, id desc limit ${limit + 1}::integer`;
  return ledgerPage(rows, limit, (row) => ({ rescue: rescueOfRow(row), hasPrimaryKey: row.has_primary_key }));
}
