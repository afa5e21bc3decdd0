import { factOfRow, type FactRow, type FactSource } from "./factSource.ts";

/** The prompt that columns are asked about with. */
const columnsPrompt = "map-columns";
/** The circuit before all models. */
const modelsCircuit = "ai";

/**
 * Calls of models that were part of mending or of trouble: questions about columns, and calls that failed or were cut. What
 * else models were asked is everyday's business. Minutes with the same sort of call are one fact. For which request a call
 * was made is not booked, so a request is shown them and charged with none.
 */
export const aiUsage: FactSource = async (sql, { fromMs, toMs, requestId }) => {
  const rows = await sql<{ fact: FactRow }>`
    select jsonb_build_object('id', 'ai:' || min(usage.id::text), 'kind', 'ai_call',
      'at_ms', extract(epoch from min(usage.reserved_at)) * 1000,
      'until_ms', extract(epoch from max(coalesce(usage.settled_at, usage.reserved_at))) * 1000,
      'subject', case when usage.prompt_name = ${columnsPrompt} and usage.outcome = 'answered' then usage.prompt_name
        else ${modelsCircuit} end,
      'occurrences', count(*), 'detail', jsonb_build_object(
        'says', usage.prompt_name || ' by ' || usage.model || ': ' || usage.outcome, 'outcome', usage.outcome,
        'isAboutColumns', usage.prompt_name = ${columnsPrompt} and usage.outcome = 'answered',
        'tokens', sum(usage.input_tokens + usage.output_tokens + usage.cache_read_tokens + usage.cache_write_tokens),
        'microUsd', sum(usage.cost_micro_usd))) as fact
    from resilience.ai_usage usage
    where usage.day between (to_timestamp(${fromMs}::float8 / 1000) at time zone 'utc')::date - 1
        and (to_timestamp(${toMs}::float8 / 1000) at time zone 'utc')::date
      and usage.reserved_at between to_timestamp(${fromMs}::float8 / 1000) and to_timestamp(${toMs}::float8 / 1000)
      and usage.settled_at is not null and (usage.prompt_name = ${columnsPrompt} or usage.outcome <> 'answered')
    group by usage.prompt_name, usage.model, usage.outcome, date_trunc('minute', usage.reserved_at)
    order by min(usage.reserved_at), min(usage.id::text) limit 1000`;
  return { facts: rows.map(({ fact }) => factOfRow(fact, requestId !== undefined)), unread: 0 };
};
