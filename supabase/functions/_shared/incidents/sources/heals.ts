import { type CountedRow, type FactSource, foundOf } from "./factSource.ts";

const mostRows = 100_000;
const mostSingle = 500;
const mostFacts = 1_000;

/** Heals of the ledger; many of one plan within a minute are one fact. */
export const heals: FactSource = async (sql, { fromMs, toMs, requestId = null }) => {
  const rows = await sql<CountedRow>`
    with chosen as materialized (
      select * from resilience.healing_events heal
      where heal.healed_at between to_timestamp(${fromMs}::float8 / 1000) and to_timestamp(${toMs}::float8 / 1000)
        and (${requestId}::text is null or heal.request_id = ${requestId}::text)
      order by heal.healed_at limit ${mostRows}::integer
    ),
    size as (select count(*) as n from chosen),
    grouped as (
      select min(heal.id::text) as id, heal.table_oid, heal.table_schema, heal.table_name, heal.diagnosis, heal.from_name,
        heal.to_name, heal.strategy, min(heal.healed_at) as first_at, max(heal.healed_at) as last_at,
        count(*)::integer as occurrences, sum(heal.duration_ms) as cost_ms,
        count(distinct heal.request_id)::integer as request_count, heal.undone_at is not null as is_undone,
        to_jsonb((array_agg(distinct heal.request_id) filter (where heal.request_id is not null))[1:50]) as requests
      from chosen heal cross join size
      group by heal.table_oid, heal.table_schema, heal.table_name, heal.diagnosis, heal.from_name, heal.to_name,
        heal.strategy, heal.undone_at is not null,
        case when size.n <= ${mostSingle}::integer then heal.id::text else date_trunc('minute', heal.healed_at)::text end
      order by count(*) desc, min(heal.id::text) limit ${mostFacts}::integer
    )
    select size.n::float8 as total, jsonb_build_object('id', 'heal:' || id, 'kind', 'heal',
      'at_ms', extract(epoch from first_at) * 1000, 'until_ms', extract(epoch from last_at) * 1000,
      'subject', table_schema || '.' || table_name, 'ref', 'heal:' || id, 'requests', requests,
      'request_count', request_count, 'occurrences', occurrences, 'cost_ms', cost_ms, 'detail', jsonb_build_object(
        'diagnosis', diagnosis, 'strategy', strategy, 'from', from_name, 'to', to_name, 'oid', table_oid,
        'isUndone', is_undone)) as fact
    from grouped cross join size`;
  return foundOf(rows);
};

/** Fields that were set aside, and those of them that have moved to a column since. */
export const rescues: FactSource = async (sql, { fromMs, toMs, requestId = null }) => {
  const rows = await sql<CountedRow>`
    with chosen as materialized (
      select rescue.*, heal.request_id from resilience.rescued_fields rescue
      left join resilience.healing_events heal on heal.id = rescue.healing_id
      -- Of a row of which every field stood in a column at once only its shape is kept: nothing was set aside.
      where octet_length(rescue.fields) > 2 and rescue.rescued_at between to_timestamp(${fromMs}::float8 / 1000) and to_timestamp(${toMs}::float8 / 1000)
        and (${requestId}::text is null or heal.request_id = ${requestId}::text)
      order by rescue.rescued_at limit ${mostRows}::integer
    ),
    size as (select count(*) as n from chosen),
    grouped as (
      select min(rescue.id::text) as id, rescue.table_oid, rescue.table_schema, rescue.table_name, rescue.healing_id,
        min(rescue.rescued_at) as first_at, max(rescue.rescued_at) as last_at, count(*)::integer as occurrences,
        count(distinct rescue.request_id)::integer as request_count,
        count(*) filter (where rescue.replayed_at is null)::integer as open_rows,
        coalesce(sum(cardinality(rescue.open_fields)), 0)::integer as open_fields,
        to_jsonb((array_agg(distinct rescue.request_id) filter (where rescue.request_id is not null))[1:50]) as requests
      from chosen rescue cross join size
      group by rescue.table_oid, rescue.table_schema, rescue.table_name, rescue.healing_id,
        case when size.n <= ${mostSingle}::integer then rescue.id::text
          else date_trunc('minute', rescue.rescued_at)::text end
      order by count(*) desc, min(rescue.id::text) limit ${mostFacts}::integer
    )
    select size.n::float8 as total, jsonb_build_object('id', 'rescue:' || id, 'kind', 'rescue',
      'at_ms', extract(epoch from first_at) * 1000, 'until_ms', extract(epoch from last_at) * 1000,
      'subject', table_schema || '.' || table_name, 'cause', 'heal:' || healing_id, 'requests', requests,
      'request_count', request_count, 'occurrences', occurrences, 'detail', jsonb_build_object('oid', table_oid,
        'isOpen', open_fields > 0, 'openFields', open_fields)) as fact
    from grouped cross join size`;
  return foundOf(rows);
};
