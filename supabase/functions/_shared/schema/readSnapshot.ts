import type { SqlTag } from "../db/database.ts";
import type { SchemaSnapshot } from "./snapshot.ts";

/**
 * Reads the whole snapshot in one statement, as one JSON value. Partitions are left out: writes name their parent.
 * Columns are told by `attnum`, dropped ones are gone.
 */
export async function readSnapshot(sql: SqlTag, schemas: readonly string[]): Promise<SchemaSnapshot> {
  const [row] = await sql<{ snapshot: SchemaSnapshot }>`
    with watched as (
      select c.oid, n.nspname, c.relname
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = any (${schemas}::text[])
    ),
    columns as (
      select a.attrelid, json_agg(json_build_object(
        'attnum', a.attnum,
        'name', a.attname,
        'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
        'typeOid', a.atttypid::bigint,
        'typeModifier', a.atttypmod,
        'isNullable', not a.attnotnull,
        'defaultExpression', pg_catalog.pg_get_expr(d.adbin, d.adrelid),
        'isGenerated', a.attgenerated <> '',
        'isIdentity', a.attidentity <> ''
      ) order by a.attnum) as list
      from pg_catalog.pg_attribute a
      join watched w on w.oid = a.attrelid
      left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attnum > 0 and not a.attisdropped
      group by a.attrelid
    ),
    constraints as (
      select k.conrelid, json_agg(json_build_object(
        'oid', k.oid::bigint,
        'name', k.conname,
        'kind', case k.contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key'
                               when 'c' then 'check' else 'exclusion' end,
        'definition', pg_catalog.pg_get_constraintdef(k.oid),
        'attnums', coalesce(k.conkey, '{}')
      ) order by k.oid) as list
      from pg_catalog.pg_constraint k
      join watched w on w.oid = k.conrelid
      where k.contype in ('p', 'u', 'f', 'c', 'x')
      group by k.conrelid
    ),
    indexes as (
      select i.indrelid, json_agg(json_build_object(
        'oid', i.indexrelid::bigint,
        'name', c.relname,
        'definition', pg_catalog.pg_get_indexdef(i.indexrelid)
      ) order by i.indexrelid) as list
      from pg_catalog.pg_index i
      join watched w on w.oid = i.indrelid
      join pg_catalog.pg_class c on c.oid = i.indexrelid
      where not exists (select 1 from pg_catalog.pg_constraint k where k.conindid = i.indexrelid)
      group by i.indrelid
    ),
    enums as (
      select t.oid, n.nspname, t.typname, json_agg(json_build_object(
        'oid', e.oid::bigint, 'label', e.enumlabel
      ) order by e.enumsortorder) as list
      from pg_catalog.pg_type t
      join pg_catalog.pg_namespace n on n.oid = t.typnamespace
      join pg_catalog.pg_enum e on e.enumtypid = t.oid
      where n.nspname = any (${schemas}::text[])
      group by t.oid, n.nspname, t.typname
    )
    select json_build_object(
      'tables', coalesce((
        select json_agg(json_build_object(
          'oid', w.oid::bigint, 'schema', w.nspname, 'name', w.relname,
          'columns', coalesce(c.list, '[]'), 'constraints', coalesce(k.list, '[]'), 'indexes', coalesce(i.list, '[]')
        ) order by w.oid)
        from watched w
        left join columns c on c.attrelid = w.oid
        left join constraints k on k.conrelid = w.oid
        left join indexes i on i.indrelid = w.oid
      ), '[]'),
      'enums', coalesce((
        select json_agg(json_build_object(
          'oid', e.oid::bigint, 'schema', e.nspname, 'name', e.typname, 'labels', e.list
        ) order by e.oid)
        from enums e
      ), '[]')
    ) as snapshot`;
  if (row === undefined) throw new Error("Cannot read the schema as the catalog gave no row");
  return row.snapshot;
}
