-- Rate limits that the whole fleet shares: one bucket of tokens a row. Isolates take tokens in blocks, so a row is
-- written about once a block, not once a request.

-- Unlogged: a crash or a failover empties it, and every caller starts with a full bucket again. That costs a limit one
-- window of its memory, and saves the write-ahead log one record a lease.
create unlogged table resilience.rate_limits (
  bucket text primary key,
  tokens double precision not null,
  last_granted integer not null,
  counted_at timestamptz not null,
  expires_at timestamptz not null,
  constraint bucket_has_a_name check (bucket <> ''),
  constraint tokens_are_not_negative check (tokens >= 0),
  constraint last_granted_is_not_negative check (last_granted >= 0),
  constraint expires_at_is_after_counted_at check (expires_at > counted_at)
);
comment on table resilience.rate_limits is 'Tokens left in each caller''s bucket. A row that has expired equals a full bucket.';
comment on column resilience.rate_limits.tokens is 'Tokens left at counted_at; since then the bucket has been filling up.';
comment on column resilience.rate_limits.last_granted is 'What the last lease was given: how the statement tells its caller.';
comment on column resilience.rate_limits.expires_at is 'When the bucket is full again.';

create index rate_limits_by_end on resilience.rate_limits (expires_at);

alter table resilience.rate_limits enable row level security;
revoke all on resilience.rate_limits from public, anon, authenticated;
grant select, insert, update, delete on resilience.rate_limits to service_role;

-- Takes up to p_wanted tokens out of a bucket that holds p_limit and fills up again over p_window_ms. One statement, by
-- the database's clock: isolates whose clocks differ share one truth.
create function resilience.lease_tokens(p_bucket text, p_limit integer, p_window_ms integer, p_wanted integer)
returns table (granted integer, remaining integer, retry_after_ms integer)
language sql
volatile strict
set search_path = ''
as $$
  with leased as (
    insert into resilience.rate_limits as kept (bucket, tokens, last_granted, counted_at, expires_at)
    select p_bucket, p_limit - least(p_wanted, p_limit), least(p_wanted, p_limit), clock.moment,
      clock.moment + make_interval(secs => p_window_ms / 1000.0)
    from (select clock_timestamp() as moment) as clock
    on conflict (bucket) do update set (tokens, last_granted, counted_at, expires_at) = (
      select filled.tokens - taken.tokens, taken.tokens, filled.moment,
        filled.moment + make_interval(
          secs => greatest(0.001, (p_limit - filled.tokens + taken.tokens) * p_window_ms / p_limit / 1000.0))
      from (
        -- The statement may have waited for the row: its own clock reading can be older than the row's.
        select clock.moment, least(
          p_limit::double precision,
          kept.tokens + extract(epoch from clock.moment - kept.counted_at)::double precision * 1000 * p_limit / p_window_ms
        ) as tokens
        from (select greatest(clock_timestamp(), kept.counted_at) as moment) as clock
      ) as filled,
      lateral (select least(p_wanted, floor(filled.tokens)::integer) as tokens) as taken
    )
    returning kept.last_granted, kept.tokens
  )
  select leased.last_granted, floor(leased.tokens)::integer,
    case
      when leased.last_granted < p_wanted
        then ceil((1 - (leased.tokens - floor(leased.tokens))) * p_window_ms / p_limit)::integer
      else 0
    end
  from leased;
$$;
revoke execute on function resilience.lease_tokens(text, integer, integer, integer) from public;
grant execute on function resilience.lease_tokens(text, integer, integer, integer) to service_role;
comment on function resilience.lease_tokens(text, integer, integer, integer) is
  'Takes tokens out of a bucket of the fleet. Where fewer were given than wanted, says when there is one again.';

-- Deletes buckets that are full again, at most p_max_rows, and says how many there were.
create function resilience.purge_rate_limits(p_max_rows integer default 10000)
returns integer
language sql
volatile
set search_path = ''
as $$
  with expired as (
    select bucket from resilience.rate_limits
    where expires_at <= clock_timestamp()
    order by expires_at
    limit p_max_rows
    for update skip locked
  ),
  purged as (
    delete from resilience.rate_limits using expired where rate_limits.bucket = expired.bucket returning 1
  )
  select count(*)::integer from purged;
$$;
revoke execute on function resilience.purge_rate_limits(integer) from public;
grant execute on function resilience.purge_rate_limits(integer) to service_role;
