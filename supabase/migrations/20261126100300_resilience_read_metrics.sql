-- Where the rows of a stretch of time are: whole days and hours where they are computed, minutes everywhere else. Whoever
-- tells trials apart gets no days.
create function resilience.metric_buckets(p_from timestamptz, p_to timestamptz, p_has_trial boolean)
returns table (resolution text, from_at timestamptz, to_at timestamptz)
language sql stable security definer set search_path = ''
as $$
  with days as materialized (
    select day.starts_at
    from generate_series(date_trunc('day', p_from, 'UTC'), p_to - interval '24 hours', interval '24 hours') as day (starts_at)
    where not p_has_trial and day.starts_at >= p_from and not exists (
      select from resilience.metric_marks mark where mark.resolution = 'day' and mark.starts_at = day.starts_at)
  ),
  hours as materialized (
    select hour.starts_at, hour.starts_at + interval '1 hour' as ends_at, exists (
      select from resilience.metric_marks mark where mark.resolution = 'hour' and mark.starts_at = hour.starts_at) as is_marked
    from generate_series(date_trunc('hour', p_from, 'UTC'), p_to - interval '1 microsecond', interval '1 hour')
      as hour (starts_at)
    where date_trunc('day', hour.starts_at, 'UTC') not in (select starts_at from days)
  ),
  -- The last hour is whole where its minutes are no longer kept.
  whole as materialized (
    select starts_at from hours
    where not is_marked and starts_at >= p_from and (ends_at <= p_to or not exists (
      select from resilience.metric_rollups minute
      where minute.resolution = 'minute' and minute.starts_at >= hours.starts_at and minute.starts_at < hours.ends_at))
  )
  select 'day', starts_at, starts_at + interval '24 hours' from days
  union all
  select 'hour', starts_at, starts_at + interval '1 hour' from whole
  union all
  select 'minute', greatest(starts_at, p_from), least(ends_at, p_to) from hours
  where starts_at not in (select starts_at from whole);
$$;
revoke all on function resilience.metric_buckets(timestamptz, timestamptz, boolean) from public;
grant execute on function resilience.metric_buckets(timestamptz, timestamptz, boolean) to service_role;

-- What all isolates measured from `p_from` until before `p_to`, of operations that begin with `p_prefix`; where a trial is
-- named, only what was measured under its change, or only the rest.
create function resilience.read_metrics(p_from timestamptz, p_to timestamptz, p_prefix text default '',
  p_trial text default null, p_is_treated boolean default true)
returns table (function_name text, operation text, calls bigint, failures bigint, sum_ms double precision,
  sum_squares double precision, min_ms double precision, max_ms double precision, bin_keys smallint[], bin_counts bigint[])
language sql stable security definer set search_path = ''
as $$
  with parts as materialized (
    select rollup.function_name, rollup.operation, rollup.calls, rollup.failures, rollup.sum_ms, rollup.sum_squares,
      rollup.min_ms, rollup.max_ms, rollup.bin_keys, rollup.bin_counts
    from resilience.metric_buckets(p_from, p_to, p_trial is not null) bucket
    join resilience.metric_rollups rollup on rollup.resolution = bucket.resolution
      and rollup.starts_at >= bucket.from_at and rollup.starts_at < bucket.to_at
    where starts_with(rollup.operation, p_prefix) and (p_trial is null or (p_trial = any (rollup.trials)) = p_is_treated)
    union all
    select sample.function_name, sample.operation, sample.calls, sample.failures, sample.sum_ms, sample.sum_squares,
      sample.min_ms, sample.max_ms, sample.bin_keys, sample.bin_counts
    from resilience.metric_samples sample
    where sample.starts_at >= p_from and sample.starts_at < p_to
      and starts_with(sample.operation, p_prefix) and (p_trial is null or (p_trial = any (sample.trials)) = p_is_treated)
  ),
  merged as materialized (
    select row_number() over () as series, parts.function_name, parts.operation, sum(parts.calls)::bigint as calls,
      sum(parts.failures)::bigint as failures, sum(parts.sum_ms) as sum_ms, sum(parts.sum_squares) as sum_squares,
      min(parts.min_ms) as min_ms, max(parts.max_ms) as max_ms
    from parts group by parts.function_name, parts.operation
  ),
  bins as (
    select merged.series, bin.key, sum(bin.calls)::bigint as calls
    from parts join merged using (function_name, operation)
    cross join lateral unnest(parts.bin_keys, parts.bin_counts) as bin (key, calls)
    group by merged.series, bin.key
  ),
  sketches as (
    select series, array_agg(key order by key) as bin_keys, array_agg(calls order by key) as bin_counts
    from bins group by series
  )
  select merged.function_name, merged.operation, merged.calls, merged.failures, merged.sum_ms, merged.sum_squares,
    merged.min_ms, merged.max_ms, sketches.bin_keys, sketches.bin_counts
  from merged join sketches using (series) order by merged.function_name, merged.operation;
$$;
revoke all on function resilience.read_metrics(timestamptz, timestamptz, text, text, boolean) from public;
grant execute on function resilience.read_metrics(timestamptz, timestamptz, text, text, boolean) to service_role;

-- What all isolates counted, in the same way.
create function resilience.read_counters(p_from timestamptz, p_to timestamptz, p_prefix text default '',
  p_trial text default null, p_is_treated boolean default true)
returns table (counter text, total double precision)
language sql stable security definer set search_path = ''
as $$
  with parts as (
    select rollup.counter, rollup.total
    from resilience.metric_buckets(p_from, p_to, p_trial is not null) bucket
    join resilience.counter_rollups rollup on rollup.resolution = bucket.resolution
      and rollup.starts_at >= bucket.from_at and rollup.starts_at < bucket.to_at
    where starts_with(rollup.counter, p_prefix) and (p_trial is null or (p_trial = any (rollup.trials)) = p_is_treated)
    union all
    select sample.counter, sample.total
    from resilience.counter_samples sample
    where sample.starts_at >= p_from and sample.starts_at < p_to
      and starts_with(sample.counter, p_prefix) and (p_trial is null or (p_trial = any (sample.trials)) = p_is_treated)
  )
  select parts.counter, sum(parts.total) from parts group by parts.counter order by parts.counter;
$$;
revoke all on function resilience.read_counters(timestamptz, timestamptz, text, text, boolean) from public;
grant execute on function resilience.read_counters(timestamptz, timestamptz, text, text, boolean) to service_role;
