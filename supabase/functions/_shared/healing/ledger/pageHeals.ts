import type { SqlTag } from "../../db/database.ts";
import type { Heal } from "./heal.ts";
import { type LedgerPage, ledgerPage, type LedgerPlace, tableFilter } from "./ledgerPage.ts";
import { healOfRow, type HealRow } from "./postgresHealStore.ts";

/** Which heals; all conditions hold. */
export interface HealPageFilter {
  /** `table` or `schema.table`. */
  readonly table?: string | undefined;
  readonly strategy?: string | undefined;
  readonly requestId?: string | undefined;
  readonly since?: Date | undefined;
  /** Up to, and not at, this moment. */
  readonly until?: Date | undefined;
  /** Only those that were taken back, or only those that stand. */
  readonly isUndone?: boolean | undefined;
  readonly after?: LedgerPlace | undefined;
  readonly limit: number;
}

/** A page of heals, the newest first. */
export async function pageHeals(sql: SqlTag, filter: HealPageFilter): Promise<LedgerPage<Heal>> {
  const { strategy = null, requestId = null, since = null, until = null, isUndone = null, after, limit } = filter;
  const { schema, name, oid } = await tableFilter(sql, filter.table);
  const rows = await sql<HealRow & { place: string }>`
    select heal.*, to_char(healed_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as place
    from resilience.healing_events heal
    where (${name}::text is null or (table_schema = ${schema}::text and table_name = ${name}::text)
        or table_oid = ${oid}::bigint)
      and (${strategy}::text is null or strategy = ${strategy}::text)
      and (${requestId}::text is null or request_id = ${requestId}::text)
      and (${since}::timestamptz is null or healed_at >= ${since}::timestamptz)
      and (${until}::timestamptz is null or healed_at < ${until}::timestamptz)
      and (${isUndone}::boolean is null or (undone_at is not null) = ${isUndone}::boolean)
      and (${after?.at ?? null}::timestamptz is null
        or (healed_at, id) < (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
    order by healed_at desc, id desc limit ${limit + 1}::integer`;
  return ledgerPage(rows, limit, healOfRow);
}
