import type { SqlTag } from "../../db/database.ts";
import { type LedgerPage, ledgerPage, type LedgerPlace, tableFilter } from "../ledger/ledgerPage.ts";
import type { HealingPattern, PatternState } from "./healingPattern.ts";
import { patternOfRow, type PatternRow } from "./postgresPatternStore.ts";

/** Which patterns; all conditions hold. */
export interface PatternPageFilter {
  /** `table` or `schema.table`. */
  readonly table?: string | undefined;
  /** @default all, those that have expired as well */
  readonly state?: PatternState["kind"] | undefined;
  readonly after?: LedgerPlace | undefined;
  readonly limit: number;
}

/** A page of patterns, the newest first. */
export async function pagePatterns(sql: SqlTag, filter: PatternPageFilter): Promise<LedgerPage<HealingPattern>> {
  const { state = null, after, limit } = filter;
  const { schema, name, oid } = await tableFilter(sql, filter.table);
  const rows = await sql<PatternRow & { place: string }>`
    select pattern.*, to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as place
    from resilience.healing_patterns pattern
    where (${name}::text is null or (table_schema = ${schema}::text and table_name = ${name}::text)
        or table_oid = ${oid}::bigint)
      and (${state}::text is null or state = ${state}::text)
      and (${after?.at ?? null}::timestamptz is null
        or (created_at, id) < (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
    order by created_at desc, id desc limit ${limit + 1}::integer`;
  return ledgerPage(rows, limit, patternOfRow);
}
