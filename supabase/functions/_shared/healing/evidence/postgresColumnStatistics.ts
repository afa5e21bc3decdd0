import type { SqlTag } from "../../db/database.ts";
import type { ColumnStatistics } from "../matcher/column.ts";
import type { ColumnStatisticsReader } from "./columnStatisticsReader.ts";

interface StatisticsRow {
  readonly attnum: number;
  readonly isBoolean: boolean;
  readonly common: readonly string[] | null;
  readonly bounds: readonly string[] | null;
}

/**
 * The planner's statistics in `pg_stats`, with the rights of the connection: of columns that it may not read nothing comes
 * back. Lists are left out, as theirs are written otherwise than a payload's, and so is what the matcher would not read.
 */
export function postgresColumnStatistics(sql: SqlTag): ColumnStatisticsReader {
  return {
    async read(tableOid) {
      const rows = await sql<StatisticsRow>`
        select distinct on (a.attnum) a.attnum, t.typname = 'bool' as "isBoolean",
          (select json_agg(left(v, 200)) from unnest((case when t.typcategory <> 'A'
            then s.most_common_vals::text::text[] end)[1:w.samples]) v) as common,
          (select json_agg(left(v, 200)) from unnest(case when t.typcategory <> 'A'
            then s.histogram_bounds::text::text[] end) with ordinality as b (v, place)
            where place % greatest(1, array_length(s.histogram_bounds, 1) / w.samples) = 0) as bounds
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = s.attname and not a.attisdropped
        join pg_catalog.pg_type t on t.oid = a.atttypid
        cross join lateral (select case when c.relnatts > 150 then 5 else 25 end) as w (samples)
        where c.oid = ${tableOid}::bigint::oid
        order by a.attnum, s.inherited desc`;
      return new Map(rows.map((row) => [row.attnum, toStatistics(row)]));
    },
  };
}

/** Values of a key are as often common as rare: both are samples. */
function toStatistics({ isBoolean, common, bounds }: StatisticsRow): ColumnStatistics {
  const said = [...common ?? [], ...bounds ?? []];
  return { sampleValues: isBoolean ? said.map((value) => value === "t") : said };
}
