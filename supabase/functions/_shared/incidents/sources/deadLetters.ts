import type { Fact } from "../fact.ts";
import { type CountedRow, type FactRow, type FactSource, foundOf } from "./factSource.ts";

const mostRows = 100_000;
const mostSingle = 500;
const mostFacts = 1_000;

interface LetterRow extends CountedRow {
  /** When the first of them was settled. */
  readonly settled_ms: number | null;
  readonly settled: number;
  readonly outcome: string | null;
  readonly settled_by: string | null;
}

/** Writes that were given up, and what became of them since: no payload is read. */
export const deadLetters: FactSource = async (sql, { fromMs, toMs, requestId = null }) => {
  const rows = await sql<LetterRow>`
    with chosen as materialized (
      select letter.id, letter.request_id, letter.table_oid, letter.table_schema, letter.table_name, letter.operation,
        letter.error_code, letter.error_fields ->> 'column' as column_name, letter.died_at, letter.outcome,
        letter.replayed_at, letter.settled_by
      from resilience.dead_letters letter
      where letter.died_at between to_timestamp(${fromMs}::float8 / 1000) and to_timestamp(${toMs}::float8 / 1000)
        and (${requestId}::text is null or letter.request_id = ${requestId}::text)
      order by letter.died_at limit ${mostRows}::integer
    ),
    size as (select count(*) as n from chosen),
    grouped as (
      select min(letter.id::text) as id, letter.table_oid, letter.table_schema, letter.table_name, letter.error_code,
        letter.column_name, letter.outcome, min(letter.operation) as operation, min(letter.died_at) as first_at,
        max(letter.died_at) as last_at, min(letter.replayed_at) as settled_at, count(letter.outcome)::integer as settled,
        min(letter.settled_by) as settled_by, count(*)::integer as occurrences,
        count(distinct letter.request_id)::integer as request_count,
        to_jsonb((array_agg(distinct letter.request_id) filter (where letter.request_id is not null))[1:50]) as requests
      from chosen letter cross join size
      group by letter.table_oid, letter.table_schema, letter.table_name, letter.error_code, letter.column_name, letter.outcome,
        case when size.n <= ${mostSingle}::integer then letter.id::text
          else date_trunc('minute', letter.died_at)::text end
      order by count(*) desc, min(letter.id::text) limit ${mostFacts}::integer
    )
    select size.n::float8 as total, extract(epoch from settled_at)::float8 * 1000 as settled_ms, settled, outcome, settled_by,
      jsonb_build_object('id', 'letter:' || id, 'kind', 'dead_letter',
      'at_ms', extract(epoch from first_at) * 1000, 'until_ms', extract(epoch from last_at) * 1000,
      'subject', table_schema || '.' || table_name, 'ref', 'letter:' || id, 'cause', 'sqlstate:' || error_code,
      'requests', requests, 'request_count', request_count, 'occurrences', occurrences, 'detail', jsonb_build_object(
        'oid', table_oid, 'columns', column_name, 'operation', operation, 'isOpen', outcome is null)) as fact
    from grouped cross join size`;
  const found = foundOf(rows);
  return { ...found, facts: [...found.facts, ...rows.flatMap(replayOf)] };
};

function replayOf({ fact, settled_ms, settled, outcome, settled_by }: LetterRow): Fact[] {
  if (fact === null || settled_ms === null) return [];
  const { id, subject } = fact as FactRow;
  return [{
    id: `replay:${id}`,
    kind: "replay",
    atMs: settled_ms,
    untilMs: settled_ms,
    subject,
    cause: id,
    requests: [],
    requestCount: 0,
    occurrences: settled,
    costMs: 0,
    detail: { ...(outcome === null ? {} : { outcome }), ...(settled_by === null ? {} : { by: settled_by }) },
    isContext: true,
  }];
}
