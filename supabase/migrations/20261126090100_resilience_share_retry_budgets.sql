-- Retries that the whole fleet shares: a small reserve for each dependency. Isolates pay for retries by their own calls
-- first, and lease of the reserve in blocks only when that is spent: while all is well nothing is written here.

create table resilience.retry_budgets (
  budget text primary key,
  tokens double precision not null,
  last_granted integer not null,
  counted_at timestamptz not null,
  constraint budget_has_a_name check (budget <> ''),
  constraint tokens_are_not_negative check (tokens >= 0),
  constraint last_granted_is_not_negative check (last_granted >= 0)
);
comment on table resilience.retry_budgets is 'The fleet''s reserve of retries for each dependency. No row equals a full reserve.';
comment on column resilience.retry_budgets.tokens is 'Retries left at counted_at; since then the reserve has been filling up.';
comment on column resilience.retry_budgets.last_granted is 'What the last lease was given: how the statement tells its caller.';

alter table resilience.retry_budgets enable row level security;
revoke all on resilience.retry_budgets from public, anon, authenticated;
grant select, delete on resilience.retry_budgets to service_role;

-- Takes up to p_wanted retries out of a reserve that holds p_reserve, fills up over p_refill_ms, and gains p_earned by the
-- calls that have failed. One statement, by the database's clock: isolates whose clocks differ share one truth.
create function resilience.lease_retries(
  p_budget text, p_reserve integer, p_refill_ms integer, p_earned double precision, p_wanted integer
) returns integer
language sql
volatile strict security definer
set search_path = ''
as $$
  insert into resilience.retry_budgets as kept (budget, tokens, last_granted, counted_at)
  values (p_budget, p_reserve - least(p_wanted, p_reserve), least(p_wanted, p_reserve), clock_timestamp())
  on conflict (budget) do update set (tokens, last_granted, counted_at) = (
    select filled.tokens - taken.tokens, taken.tokens, filled.moment
    from (
      -- The statement may have waited for the row: its own clock reading can be older than the row's.
      select clock.moment, least(
        p_reserve::double precision,
        kept.tokens + greatest(0, p_earned)
          + extract(epoch from clock.moment - kept.counted_at)::double precision * 1000 * p_reserve / p_refill_ms
      ) as tokens
      from (select greatest(clock_timestamp(), kept.counted_at) as moment) as clock
    ) as filled,
    lateral (select least(p_wanted, floor(filled.tokens)::integer) as tokens) as taken
  )
  returning kept.last_granted;
$$;
revoke execute on function resilience.lease_retries(text, integer, integer, double precision, integer) from public;
grant execute on function resilience.lease_retries(text, integer, integer, double precision, integer) to service_role;
comment on function resilience.lease_retries(text, integer, integer, double precision, integer) is
  'Takes retries out of the fleet''s reserve for a dependency, and says how many there were.';
