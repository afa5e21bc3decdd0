import type { SqlTag } from "../../_shared/db/database.ts";

/** What a row of usage is found by. */
export interface UsagePlace {
  readonly day: string;
  readonly caller: string;
  readonly prompt: string;
}

/** Which usage is read. */
export interface UsageFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly caller?: string | undefined;
  readonly prompt?: string | undefined;
  /** Only what comes after it, in the order of pages. */
  readonly after?: UsagePlace | undefined;
}

/** What a caller has spent on a prompt in a day. */
export interface UsageRow extends UsagePlace {
  readonly calls: number;
  readonly open: number;
  readonly estimated: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly costMicroUsd: number;
}

/** Up to `limit` rows, newest day first. Sums are of a day: far from where a double loses count. */
export async function usagePage(sql: SqlTag, filter: UsageFilter, limit: number): Promise<UsageRow[]> {
  const { from = null, to = null, caller = null, prompt = null, after } = filter;
  return await sql<UsageRow>`
    select usage.day::text as day, usage.caller, usage.prompt_name as prompt, count(usage.settled_at)::integer as calls,
      count(*) filter (where usage.settled_at is null)::integer as open,
      count(*) filter (where usage.is_estimated)::integer as estimated,
      coalesce(sum(usage.input_tokens), 0)::double precision as "inputTokens",
      coalesce(sum(usage.output_tokens), 0)::double precision as "outputTokens",
      coalesce(sum(usage.cache_read_tokens), 0)::double precision as "cacheReadTokens",
      coalesce(sum(usage.cache_write_tokens), 0)::double precision as "cacheWriteTokens",
      coalesce(sum(usage.cost_micro_usd), 0)::double precision as "costMicroUsd"
    from resilience.ai_usage usage
    where (${from}::date is null or usage.day >= ${from}::date)
      and (${to}::date is null or usage.day <= ${to}::date)
      and (${caller}::text is null or usage.caller = ${caller}::text)
      and (${prompt}::text is null or usage.prompt_name = ${prompt}::text)
      and (${after?.day ?? null}::date is null or usage.day < ${after?.day ?? null}::date
        or (usage.day = ${after?.day ?? null}::date
          and (usage.caller, usage.prompt_name) > (${after?.caller ?? ""}::text, ${after?.prompt ?? ""}::text)))
    group by usage.day, usage.caller, usage.prompt_name
    order by usage.day desc, usage.caller, usage.prompt_name
    limit ${limit}::integer`;
}
