import type { SqlTag } from "../db/database.ts";

/**
 * Reads a token that differs whenever the snapshot might: a sum over the catalog rows' own transaction ids, so that
 * nothing is printed, sorted or sent. A new token may be a false alarm; the snapshot's hash has the last word.
 */
export async function readFingerprint(sql: SqlTag, schemas: readonly string[]): Promise<string> {
  const [row] = await sql<{ fingerprint: string }>`
    with watched as (
      select c.oid, c.xmin
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'i', 'I') and n.nspname = any (${schemas}::text[])
    ),
    rows (kind, id, part, version) as (
      select 1, oid, 0, xmin from watched
      union all
      select 2, a.attrelid, a.attnum::int, a.xmin from pg_catalog.pg_attribute a join watched w on w.oid = a.attrelid
      where a.attnum > 0
      union all
      select 3, d.oid, 0, d.xmin from pg_catalog.pg_attrdef d join watched w on w.oid = d.adrelid
      union all
      select 4, k.oid, 0, k.xmin from pg_catalog.pg_constraint k join watched w on w.oid = k.conrelid
      union all
      select 5, e.oid, 0, e.xmin from pg_catalog.pg_enum e
      union all
      select 6, t.oid, 0, t.xmin from pg_catalog.pg_type t where t.typtype = 'e'
    )
    select concat_ws(':', count(*), coalesce(sum(pg_catalog.hashtextextended(
      concat_ws('.', kind, id, part, version), 0)), 0)) as fingerprint
    from rows`;
  if (row === undefined) throw new Error("Cannot read the schema's fingerprint as the catalog gave no row");
  return row.fingerprint;
}
