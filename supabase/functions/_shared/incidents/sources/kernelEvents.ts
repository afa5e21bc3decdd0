import { type CountedRow, factOfRow, type FactRow, type FactSource, foundOf } from "./factSource.ts";

/** Rows looked at; a storm that is larger is counted and said not to have been read. */
const mostRows = 300_000;
/** With so many at most each event is a fact of its own; of more those alike within a stretch of time are one. */
const mostSingle = 2_000;
const mostFacts = 3_000;

/**
 * What isolates told. Where there is more than can be given, trips, recoveries and changes come first, and then of each
 * kind what happened most often: no kind crowds out another.
 */
export const kernelEvents: FactSource = async (sql, { fromMs, toMs, requestId = null }) => {
  const rows = await sql<CountedRow>`
    with chosen as materialized (
      select * from resilience.kernel_events event
      where event.happened_at between to_timestamp(${fromMs}::float8 / 1000) and to_timestamp(${toMs}::float8 / 1000)
        and (${requestId}::text is null or event.request_id = ${requestId}::text)
      order by event.happened_at limit ${mostRows}::integer
    ),
    size as (
      select count(*) as n, sum(occurrences) as occurrences,
        case when count(*) < ${mostRows}::integer then 0 else (select count(*) from resilience.kernel_events event
          where event.happened_at > max(chosen.happened_at) and ${requestId}::text is null
            and event.happened_at <= to_timestamp(${toMs}::float8 / 1000)) end as beyond
      from chosen
    ),
    alone as (
      select distinct isolate from chosen where kind = 'trip' and detail ->> 'scope' = 'isolate'
    ),
    grouped as (
      select min(event.id) as id, event.kind, event.subject, event.ref, event.cause, event.function_name,
        case when count(distinct event.isolate) = 1 then min(event.isolate) end as isolate,
        count(distinct event.isolate) as isolates,
        row_number() over (partition by event.kind order by sum(event.occurrences) desc, min(event.id)) as place,
        min(event.happened_at) as first_at, max(event.happened_at) as last_at, sum(event.occurrences)::integer as occurrences,
        sum(event.cost_ms) as cost_ms, count(distinct event.request_id)::integer as request_count,
        to_jsonb((array_agg(distinct event.request_id) filter (where event.request_id is not null))[1:50]) as requests,
        (array_agg(event.detail order by event.id))[1] as detail
      from chosen event cross join size
      group by event.kind, event.subject, event.ref, event.cause, event.function_name,
        -- Who it was matters where it may be the isolate that was ill, and not what it called.
        case when event.kind in ('trip', 'recovery') or event.isolate in (select isolate from alone) then event.isolate end,
        case when size.n <= ${mostSingle}::integer then event.id
          else floor(extract(epoch from event.happened_at) * 1000 / ${stretchMs(fromMs, toMs)}::float8)::bigint end
      order by event.kind not in ('trip', 'recovery', 'tune', 'schema_change'), place, min(event.id)
      limit ${mostFacts}::integer
    )
    select (size.occurrences + size.beyond)::float8 as total, jsonb_build_object('id', 'event:' || id, 'kind', kind,
      'at_ms', extract(epoch from first_at) * 1000, 'until_ms', extract(epoch from last_at) * 1000, 'subject', subject,
      'ref', ref, 'cause', cause, 'requests', requests, 'request_count', request_count, 'isolate', isolate,
      'function_name', function_name, 'occurrences', grouped.occurrences, 'cost_ms', cost_ms,
      'detail', detail || case when isolates > 1 then jsonb_build_object('isolates', isolates) else '{}' end) as fact
    from grouped cross join size`;
  return foundOf(rows);
};

/** What became of circuits and knobs around what was asked for: a call that was shed has its trip before it. */
export const kernelContext: FactSource = async (sql, { fromMs, toMs, requestId = null }) => {
  const rows = await sql<{ fact: FactRow }>`
    select jsonb_build_object('id', 'event:' || id, 'kind', kind, 'at_ms', extract(epoch from happened_at) * 1000,
      'until_ms', extract(epoch from happened_at) * 1000, 'subject', subject, 'ref', ref, 'cause', cause,
      'requests', to_jsonb(array_remove(array[request_id], null)), 'isolate', isolate, 'function_name', function_name,
      'occurrences', occurrences, 'detail', detail) as fact
    from resilience.kernel_events
    where happened_at between to_timestamp(${fromMs}::float8 / 1000) - interval '1 hour'
        and to_timestamp(${toMs}::float8 / 1000) + interval '1 hour'
      and kind in ('trip', 'recovery', 'tune')
      and not (happened_at between to_timestamp(${fromMs}::float8 / 1000) and to_timestamp(${toMs}::float8 / 1000)
        and (${requestId}::text is null or request_id is not distinct from ${requestId}::text))
    order by happened_at limit 1000`;
  return { facts: rows.map(({ fact }) => factOfRow(fact, true)), unread: 0 };
};

/** Some 60 stretches, whatever is asked for. */
function stretchMs(fromMs: number, toMs: number): number {
  return Math.max(1_000, Math.ceil((toMs - fromMs) / 60));
}
