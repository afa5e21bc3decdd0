import type { SqlTag } from "../../db/database.ts";
import type { Fact } from "../fact.ts";
import { factOfRow, type FactRow, type FactSource } from "./factSource.ts";

interface ChangeRow {
  readonly fact: FactRow;
}

/** Versions of the schema that were first seen then, table by table. */
export const schemaChanges: FactSource = async (sql, { fromMs, toMs, requestId }) => {
  const facts = await readChanges(sql, { fromMs, toMs, tables: null, oids: null });
  return { facts: requestId === undefined ? facts : facts.map((fact) => ({ ...fact, isContext: true })), unread: 0 };
};

/** What had been changed of tables before: the newest twenty versions of each that changed it, however old. */
export async function earlierChanges(sql: SqlTag, facts: readonly Fact[], beforeMs: number): Promise<Fact[]> {
  const written = facts.filter(({ kind }) =>
    kind === "heal" || kind === "rescue" || kind === "dead_letter" || kind === "failure"
  );
  const tables = [...new Set(written.map(({ subject }) => subject))].slice(0, 200);
  const oids = [...new Set(written.flatMap(({ detail }) => typeof detail.oid === "number" ? [detail.oid] : []))].slice(
    0,
    200,
  );
  if (tables.length === 0) return [];
  const changes = await readChanges(sql, { fromMs: 0, toMs: beforeMs, tables, oids });
  return changes.map((fact) => ({ ...fact, isContext: true }));
}

async function readChanges(
  sql: SqlTag,
  { fromMs, toMs, tables, oids }: { fromMs: number; toMs: number; tables: string[] | null; oids: number[] | null },
): Promise<Fact[]> {
  const rows = await sql<ChangeRow>`
    with chosen as (
      select version.version, version.created_at, change.subject, change.table_oid, change.kind, change.severity, change.part,
        change.value_before, change.value_after, change.id
      from resilience.schema_changes change join resilience.schema_versions version using (version)
      where version.created_at between to_timestamp(${fromMs}::float8 / 1000) and to_timestamp(${toMs}::float8 / 1000)
        and (${tables === null}::boolean or change.subject = any (${tables ?? []}::text[])
          or change.table_oid = any (${oids ?? []}::bigint[]) or change.value_before = any (${tables ?? []}::text[]))
      order by version.version desc, change.id limit 2000
    )
    select jsonb_build_object('id', 'schema:' || version || ':' || subject, 'kind', 'schema_change',
      'at_ms', extract(epoch from min(created_at)) * 1000, 'until_ms', extract(epoch from min(created_at)) * 1000,
      'subject', subject, 'ref', 'schema:' || version, 'occurrences', 1, 'detail', jsonb_build_object(
        'says', left(string_agg(replace(kind, '_', ' ') || case
          when kind like '%renamed' then ' ' || coalesce(value_before, '?') || ' -> ' || coalesce(value_after, part, '?')
          when part is null then '' else ' ' || part end, ', ' order by id), 300),
        'names', left(string_agg(distinct nullif(concat_ws(', ', part,
          case when kind in ('column_renamed', 'table_renamed') then value_before end,
          case when kind in ('column_renamed', 'table_renamed') then value_after end), ''), ', '), 300),
        'tables', left(string_agg(distinct case when kind = 'table_renamed' then value_before end, ', '), 300),
        'oid', min(table_oid), 'version', version, 'changes', count(*))) as fact
    from chosen group by version, subject order by version, subject limit 1000`;
  return rows.map(({ fact }) => factOfRow(fact));
}
