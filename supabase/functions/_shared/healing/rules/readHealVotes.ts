import type { SqlTag } from "../../db/database.ts";
import type { HealVote } from "./healVote.ts";

/** Which part of the past. */
export interface PastWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

interface VoteRow {
  readonly table_name: string;
  readonly key: string;
  readonly column_name: string;
  readonly is_right: boolean;
  readonly is_advised: boolean;
  readonly writer: string | null;
  readonly sources: string[];
}

/** The newest heals that are looked at, and the newest votes they come to: a second's work for whoever mines them. */
const mostHeals = 50_000;
const mostVotes = 20_000;

/**
 * What the ledger says of keys within a window, one vote for each key of a table and column. A heal that was taken back, or
 * whose mapping a person has rejected since, is a wrong one. A rule's own heals, and those of patterns it has founded, are
 * no votes for it: it would prove itself.
 */
export async function readHealVotes(sql: SqlTag, { fromMs, toMs }: PastWindow): Promise<HealVote[]> {
  const rows = await sql<VoteRow>`
    with heal as materialized (
      select h.id, h.table_oid, h.table_schema || '.' || h.table_name as table_name, h.from_name, h.to_name, h.strategy,
        h.healed_at, h.undone_at, p.strategy as founder,
        case when h.writer_claims ->> 'sub' is not null or h.writer_role in ('anon', 'authenticated')
          then h.writer_role || ':' || coalesce(h.writer_claims ->> 'sub', '') end as writer
      from resilience.healing_events h left join resilience.healing_patterns p on p.id = h.pattern_id
      where h.healed_at >= ${new Date(fromMs)}::timestamptz and h.healed_at < ${new Date(toMs)}::timestamptz
        and h.diagnosis = 'unknown_column' and h.to_name is not null and h.from_name <> h.to_name
        and h.strategy in ('operator', 'pattern', 'convention', 'rule', 'matcher', 'ai')
      order by h.healed_at desc limit ${mostHeals}::integer
    ),
    healed as (
      select table_oid, table_name, from_name as key, to_name as column_name, bool_or(undone_at is not null) as is_undone,
        bool_or(strategy = 'ai') as is_advised,
        bool_or(strategy <> 'rule' and founder is distinct from 'rule') as is_of_others,
        max(healed_at) as newest, (array_agg(writer order by healed_at, id))[1] as writer, (array_agg(id::text order by healed_at, id))[1:3] as sources
      from heal group by 1, 2, 3, 4
    ),
    refused as (
      select distinct table_oid, table_schema || '.' || table_name as table_name, key, target_column as column_name
      from resilience.healing_patterns where state = 'rejected'
    )
    select coalesce(healed.table_name, refused.table_name) as table_name, coalesce(healed.key, refused.key) as key,
      coalesce(healed.column_name, refused.column_name) as column_name,
      refused.key is null and not healed.is_undone as is_right, coalesce(healed.is_advised, false) as is_advised,
      healed.writer, coalesce(healed.sources, '{}') as sources
    from healed full join refused
      on refused.table_oid = healed.table_oid and refused.key = healed.key and refused.column_name = healed.column_name
    where healed.is_of_others or healed.is_undone or refused.key is not null
    order by healed.newest desc nulls last, 1, 2, 3 limit ${mostVotes}::integer`;
  return rows.map(voteOfRow);
}

/** What patterns say of keys: one that outcomes or a person speak for is a right one. */
export async function readPatternVotes(sql: SqlTag): Promise<HealVote[]> {
  const rows = await sql<VoteRow>`
    select table_schema || '.' || table_name as table_name, key, target_column as column_name,
      state in ('approved', 'active', 'probation') as is_right, true as is_advised, null as writer, array[id::text] as sources
    from resilience.healing_patterns
    where state in ('approved', 'rejected', 'demoted')
      or strategy <> 'rule' and state in ('active', 'probation') and successes > 0 and failures = 0
    order by changed_at desc, id limit ${mostVotes}::integer`;
  return rows.map(voteOfRow);
}

/** The columns that tables have by now. */
export async function readColumnNames(sql: SqlTag, tables: Iterable<string>): Promise<Map<string, string[]>> {
  const rows = await sql<{ table_name: string; columns: string[] }>`
    select n.nspname || '.' || c.relname as table_name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p', 'v') and n.nspname || '.' || c.relname = any (${[...new Set(tables)]}::text[])
    group by 1`;
  return new Map(rows.map(({ table_name, columns }) => [table_name, columns]));
}

function voteOfRow(row: VoteRow): HealVote {
  return {
    table: row.table_name,
    key: row.key,
    column: row.column_name,
    isRight: row.is_right,
    isAdvised: row.is_advised,
    ...row.writer === null ? {} : { writer: row.writer },
    sources: row.sources,
  };
}
