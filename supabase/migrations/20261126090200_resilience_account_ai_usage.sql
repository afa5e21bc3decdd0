-- What calls of models use and cost. Before a call the most that it can cost is reserved, after it what it did cost is booked: a
-- budget is a caller's and a day's, and two isolates can never both spend the last of it.

-- A day is UTC's, by the database's clock. The caller '*' is the whole project.
create table resilience.ai_spend (
  caller text not null,
  day date not null,
  calls integer not null default 0,
  tokens bigint not null default 0,
  cost_micro_usd bigint not null default 0,
  primary key (caller, day),
  constraint caller_has_a_name check (caller <> ''),
  constraint spend_is_not_negative check (calls >= 0 and tokens >= 0 and cost_micro_usd >= 0)
);
comment on table resilience.ai_spend is 'What callers have spent on models, by day: the row that reservations of a caller queue up for.';
comment on column resilience.ai_spend.cost_micro_usd is 'Millionths of a dollar.';
create index ai_spend_by_day on resilience.ai_spend (day);

create table resilience.ai_usage (
  id uuid primary key,
  caller text not null,
  day date not null,
  prompt_name text not null,
  prompt_version integer not null,
  provider text not null,
  model text not null,
  reserved_tokens bigint not null,
  reserved_micro_usd bigint not null,
  reserved_at timestamptz not null,
  -- Where nobody books what the call came to, its reservation counts until then.
  expires_at timestamptz not null,
  settled_at timestamptz,
  outcome text,
  input_tokens bigint,
  output_tokens bigint,
  cache_read_tokens bigint,
  cache_write_tokens bigint,
  cost_micro_usd bigint,
  -- Nobody told what the call used: it is booked as the most that it can have been.
  is_estimated boolean,
  constraint caller_is_somebody check (caller not in ('', '*')),
  constraint reservation_is_not_negative check (reserved_tokens >= 0 and reserved_micro_usd >= 0),
  constraint expires_at_is_after_reserved_at check (expires_at > reserved_at),
  constraint outcome_is_known check (outcome in ('answered', 'failed', 'cut')),
  constraint a_settled_call_has_its_figures check (
    num_nonnulls(settled_at, outcome, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_micro_usd,
      is_estimated) in (0, 8)
  ),
  constraint figures_are_not_negative check (
    input_tokens >= 0 and output_tokens >= 0 and cache_read_tokens >= 0 and cache_write_tokens >= 0 and cost_micro_usd >= 0
  )
);
comment on table resilience.ai_usage is 'Each call of a model: what was reserved for it, and what it came to. No prompt and no answer is kept.';
create index ai_usage_open on resilience.ai_usage (day, caller) where settled_at is null;
create index ai_usage_by_day on resilience.ai_usage (day, caller, prompt_name);

alter table resilience.ai_spend enable row level security;
alter table resilience.ai_usage enable row level security;
revoke all on resilience.ai_spend, resilience.ai_usage from public, anon, authenticated;
-- Changed by the functions below alone.
grant select on resilience.ai_spend to service_role;
grant select on resilience.ai_usage to service_role;

-- Reserves the most that a call can cost, within the caller's and the project's limits of the day; null is no limit. The same id
-- again is the same reservation, so that a lost answer may be asked for again. Locks: the caller's row, then the project's.
create function resilience.reserve_ai_usage(p_id uuid, p_caller text, p_prompt_name text, p_prompt_version integer,
  p_provider text, p_model text, p_tokens bigint, p_micro_usd bigint, p_ttl_ms integer, p_caller_tokens bigint,
  p_caller_micro_usd bigint, p_project_micro_usd bigint)
returns table (is_granted boolean, refused_by text, retry_after_ms bigint)
language plpgsql volatile security definer set search_path = ''
as $$
declare
  moment timestamptz;
  today date;
  spent record;
  open record;
begin
  if exists (select from resilience.ai_usage usage where usage.id = p_id) then
    return query select true, null::text, 0::bigint;
    return;
  end if;
  today := (clock_timestamp() at time zone 'utc')::date;
  insert into resilience.ai_spend (caller, day) values (p_caller, today) on conflict do nothing;
  insert into resilience.ai_spend (caller, day) values ('*', today) on conflict do nothing;
  select spend.tokens, spend.cost_micro_usd into spent
    from resilience.ai_spend spend where spend.caller = p_caller and spend.day = today for update;
  -- Read once the lock is held: it may have been waited for.
  moment := clock_timestamp();
  retry_after_ms := ceil(extract(epoch from ((today + 1)::timestamp at time zone 'utc') - moment) * 1000);
  retry_after_ms := greatest(retry_after_ms, 1);
  is_granted := false;

  select coalesce(sum(usage.reserved_tokens), 0) as tokens, coalesce(sum(usage.reserved_micro_usd), 0) as micro_usd into open
    from resilience.ai_usage usage
    where usage.caller = p_caller and usage.day = today and usage.settled_at is null and usage.expires_at > moment;
  if spent.tokens + open.tokens + p_tokens > p_caller_tokens
    or spent.cost_micro_usd + open.micro_usd + p_micro_usd > p_caller_micro_usd then
    refused_by := 'caller';
    return next;
    return;
  end if;

  -- Without a limit of the project its row is left alone: callers do not queue up for each other.
  if p_project_micro_usd is not null then
    select spend.cost_micro_usd into spent
      from resilience.ai_spend spend where spend.caller = '*' and spend.day = today for update;
    moment := clock_timestamp();
    select coalesce(sum(usage.reserved_micro_usd), 0) as micro_usd into open
      from resilience.ai_usage usage where usage.day = today and usage.settled_at is null and usage.expires_at > moment;
    if spent.cost_micro_usd + open.micro_usd + p_micro_usd > p_project_micro_usd then
      refused_by := 'project';
      return next;
      return;
    end if;
  end if;

  insert into resilience.ai_usage (id, caller, day, prompt_name, prompt_version, provider, model, reserved_tokens,
      reserved_micro_usd, reserved_at, expires_at)
    values (p_id, p_caller, today, p_prompt_name, p_prompt_version, p_provider, p_model, p_tokens, p_micro_usd, moment,
      moment + make_interval(secs => p_ttl_ms / 1000.0))
    on conflict (id) do nothing;
  is_granted := true;
  retry_after_ms := 0;
  return next;
end
$$;

-- Books what a call came to, on the day it was reserved for, and says whether this was the first to say so. A reservation that
-- has expired is booked all the same: the money is spent.
create function resilience.settle_ai_usage(p_id uuid, p_outcome text, p_input_tokens bigint, p_output_tokens bigint,
  p_cache_read_tokens bigint, p_cache_write_tokens bigint, p_micro_usd bigint, p_is_estimated boolean)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
  booked record;
  used bigint := p_input_tokens + p_output_tokens + p_cache_read_tokens + p_cache_write_tokens;
begin
  select usage.caller, usage.day into booked from resilience.ai_usage usage where usage.id = p_id;
  if not found then
    return false;
  end if;
  perform from resilience.ai_spend spend where spend.caller = booked.caller and spend.day = booked.day for update;
  perform from resilience.ai_spend spend where spend.caller = '*' and spend.day = booked.day for update;
  update resilience.ai_usage usage set settled_at = clock_timestamp(), outcome = p_outcome, input_tokens = p_input_tokens,
      output_tokens = p_output_tokens, cache_read_tokens = p_cache_read_tokens, cache_write_tokens = p_cache_write_tokens,
      cost_micro_usd = p_micro_usd, is_estimated = p_is_estimated
    where usage.id = p_id and usage.settled_at is null;
  if not found then
    return false;
  end if;
  update resilience.ai_spend spend
    set calls = spend.calls + 1, tokens = spend.tokens + used, cost_micro_usd = spend.cost_micro_usd + p_micro_usd
    where spend.caller in (booked.caller, '*') and spend.day = booked.day;
  return true;
end
$$;

-- Calls and days that are older, at most p_max_rows of each; a dry run only counts them.
create function resilience.purge_ai_usage(p_before timestamptz, p_max_rows integer default 10000,
  p_is_dry_run boolean default false) returns integer
language sql volatile security definer set search_path = ''
as $$
  with expired as (
    select usage.id from resilience.ai_usage usage
    where usage.day < (p_before at time zone 'utc')::date and (usage.settled_at is not null or usage.expires_at < p_before)
    order by usage.day limit p_max_rows for update skip locked
  ),
  past as (
    select spend.caller, spend.day from resilience.ai_spend spend
    where spend.day < (p_before at time zone 'utc')::date order by spend.day limit p_max_rows for update skip locked
  ),
  purged as (
    delete from resilience.ai_usage usage using expired where usage.id = expired.id and not p_is_dry_run
  ),
  forgotten as (
    delete from resilience.ai_spend spend using past
    where spend.caller = past.caller and spend.day = past.day and not p_is_dry_run
  )
  select greatest((select count(*) from expired), (select count(*) from past))::integer;
$$;

revoke execute on function
  resilience.reserve_ai_usage(uuid, text, text, integer, text, text, bigint, bigint, integer, bigint, bigint, bigint),
  resilience.settle_ai_usage(uuid, text, bigint, bigint, bigint, bigint, bigint, boolean),
  resilience.purge_ai_usage(timestamptz, integer, boolean) from public;
grant execute on function
  resilience.reserve_ai_usage(uuid, text, text, integer, text, text, bigint, bigint, integer, bigint, bigint, bigint),
  resilience.settle_ai_usage(uuid, text, bigint, bigint, bigint, bigint, bigint, boolean),
  resilience.purge_ai_usage(timestamptz, integer, boolean) to service_role;
