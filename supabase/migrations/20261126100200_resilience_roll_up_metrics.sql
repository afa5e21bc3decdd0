-- Merges what isolates measured. Each function does a bounded piece in the transaction it is called in, so that a job that
-- dies neither loses nor doubles anything; one lock keeps two runners apart.

-- Samples to minutes: up to `p_max_rows` of each kind, the oldest first. Gives how many were merged.
create function resilience.roll_up_samples(p_max_rows integer) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_measured integer;
  v_counted integer;
begin
  perform pg_advisory_xact_lock(hashtextextended('resilience.metric_rollups', 0));
  with taken as materialized (
    delete from resilience.metric_samples sample
    where sample.id in (select id from resilience.metric_samples order by id limit p_max_rows) returning sample.*
  ),
  -- Numbered, so that bins are grouped by a number instead of names.
  fresh as materialized (
    select row_number() over () as series, starts_at, function_name, operation, trials, sum(calls) as calls,
      sum(failures) as failures, sum(sum_ms) as sum_ms, sum(sum_squares) as sum_squares, min(min_ms) as min_ms,
      max(max_ms) as max_ms
    from taken group by starts_at, function_name, operation, trials
  ),
  parts as (
    select fresh.series, taken.bin_keys, taken.bin_counts
    from taken join fresh using (starts_at, function_name, operation, trials)
    union all
    select fresh.series, known.bin_keys, known.bin_counts
    from resilience.metric_rollups known join fresh using (starts_at, function_name, operation, trials)
    where known.resolution = 'minute'
  ),
  bins as (
    select parts.series, bin.key, sum(bin.calls)::bigint as calls
    from parts cross join lateral unnest(parts.bin_keys, parts.bin_counts) as bin (key, calls)
    group by parts.series, bin.key
  ),
  sketches as (
    select series, array_agg(key order by key) as bin_keys, array_agg(calls order by key) as bin_counts
    from bins group by series
  ),
  merged as (
    insert into resilience.metric_rollups as known (resolution, starts_at, function_name, operation, trials, calls, failures,
      sum_ms, sum_squares, min_ms, max_ms, bin_keys, bin_counts)
    select 'minute', fresh.starts_at, fresh.function_name, fresh.operation, fresh.trials, fresh.calls, fresh.failures,
      fresh.sum_ms, fresh.sum_squares, fresh.min_ms, fresh.max_ms, sketches.bin_keys, sketches.bin_counts
    from fresh join sketches using (series)
    on conflict (resolution, starts_at, function_name, operation, trials) do update
    set calls = known.calls + excluded.calls, failures = known.failures + excluded.failures,
      sum_ms = known.sum_ms + excluded.sum_ms, sum_squares = known.sum_squares + excluded.sum_squares,
      min_ms = least(known.min_ms, excluded.min_ms), max_ms = greatest(known.max_ms, excluded.max_ms),
      bin_keys = excluded.bin_keys, bin_counts = excluded.bin_counts
  ),
  marked as (
    insert into resilience.metric_marks (resolution, starts_at)
    select distinct unit.resolution, date_trunc(unit.resolution, fresh.starts_at, 'UTC')
    from fresh cross join (values ('hour'), ('day')) as unit (resolution)
    on conflict do nothing
  )
  select count(*) into v_measured from taken;

  with taken as materialized (
    delete from resilience.counter_samples sample
    where sample.id in (select id from resilience.counter_samples order by id limit p_max_rows) returning sample.*
  ),
  merged as (
    insert into resilience.counter_rollups as known (resolution, starts_at, counter, trials, total)
    select 'minute', starts_at, counter, trials, sum(total) from taken group by starts_at, counter, trials
    on conflict (resolution, starts_at, counter, trials) do update set total = known.total + excluded.total
  ),
  marked as (
    insert into resilience.metric_marks (resolution, starts_at)
    select distinct unit.resolution, date_trunc(unit.resolution, taken.starts_at, 'UTC')
    from taken cross join (values ('hour'), ('day')) as unit (resolution)
    on conflict do nothing
  )
  select count(*) into v_counted from taken;
  return v_measured + v_counted;
end
$$;
revoke all on function resilience.roll_up_samples(integer) from public;
grant execute on function resilience.roll_up_samples(integer) to service_role;

-- Minutes to one hour, or hours to one day: the oldest that is over and marked is computed anew from all that it is made of,
-- so that doing it twice is doing it once. Gives what was computed, null where nothing is due.
create function resilience.roll_up_marked(p_moment timestamptz default clock_timestamp()) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_target text;
  v_starts_at timestamptz;
  v_ends_at timestamptz;
  v_source text;
begin
  perform pg_advisory_xact_lock(hashtextextended('resilience.metric_rollups', 0));
  select mark.resolution, mark.starts_at into v_target, v_starts_at
  from resilience.metric_marks mark
  -- Two minutes, so that most of what is written late is in.
  where mark.starts_at + case mark.resolution when 'hour' then interval '1 hour' else interval '24 hours' end
      + interval '2 minutes' <= p_moment
    and (mark.resolution = 'hour' or not exists (
      select from resilience.metric_marks hour where hour.resolution = 'hour'
        and hour.starts_at >= mark.starts_at and hour.starts_at < mark.starts_at + interval '24 hours'))
  order by mark.resolution desc, mark.starts_at limit 1;
  if v_target is null then
    return null;
  end if;
  v_source := case v_target when 'hour' then 'minute' else 'hour' end;
  -- Hours of UTC: a session's zone has days of 23 and 25 of them.
  v_ends_at := v_starts_at + case v_target when 'hour' then interval '1 hour' else interval '24 hours' end;

  delete from resilience.metric_rollups rollup where rollup.resolution = v_target and rollup.starts_at = v_starts_at;
  with parts as materialized (
    select rollup.*, case v_target when 'day' then '{}' else rollup.trials end as kept_trials
    from resilience.metric_rollups rollup
    where rollup.resolution = v_source and rollup.starts_at >= v_starts_at and rollup.starts_at < v_ends_at
  ),
  merged as materialized (
    select row_number() over () as series, function_name, operation, kept_trials, sum(calls) as calls,
      sum(failures) as failures, sum(sum_ms) as sum_ms, sum(sum_squares) as sum_squares, min(min_ms) as min_ms,
      max(max_ms) as max_ms
    from parts group by function_name, operation, kept_trials
  ),
  numbered as (
    select merged.series, parts.bin_keys, parts.bin_counts
    from parts join merged using (function_name, operation, kept_trials)
  ),
  bins as (
    select numbered.series, bin.key, sum(bin.calls)::bigint as calls
    from numbered cross join lateral unnest(numbered.bin_keys, numbered.bin_counts) as bin (key, calls)
    group by numbered.series, bin.key
  ),
  sketches as (
    select series, array_agg(key order by key) as bin_keys, array_agg(calls order by key) as bin_counts
    from bins group by series
  )
  insert into resilience.metric_rollups (resolution, starts_at, function_name, operation, trials, calls, failures, sum_ms,
    sum_squares, min_ms, max_ms, bin_keys, bin_counts)
  select v_target, v_starts_at, merged.function_name, merged.operation, merged.kept_trials, merged.calls, merged.failures,
    merged.sum_ms, merged.sum_squares, merged.min_ms, merged.max_ms, sketches.bin_keys, sketches.bin_counts
  from merged join sketches using (series);

  delete from resilience.counter_rollups rollup where rollup.resolution = v_target and rollup.starts_at = v_starts_at;
  insert into resilience.counter_rollups (resolution, starts_at, counter, trials, total)
  select v_target, v_starts_at, part.counter, part.kept_trials, sum(part.total)
  from (
    select rollup.counter, rollup.total, case v_target when 'day' then '{}' else rollup.trials end as kept_trials
    from resilience.counter_rollups rollup
    where rollup.resolution = v_source and rollup.starts_at >= v_starts_at and rollup.starts_at < v_ends_at
  ) part
  group by part.counter, part.kept_trials;

  delete from resilience.metric_marks mark where mark.resolution = v_target and mark.starts_at = v_starts_at;
  return v_target;
end
$$;
revoke all on function resilience.roll_up_marked(timestamptz) from public;
grant execute on function resilience.roll_up_marked(timestamptz) to service_role;

-- Forgets what is older than it is worth, `p_max_rows` of each kind at most. Nothing that has still to be merged goes: the
-- minutes of a marked hour and the hours of a marked day stay, and all of them while samples as old wait. Isolates may write
-- a day late, so minutes are kept for two days and hours for three at least.
create function resilience.purge_metrics(p_max_rows integer, p_minute_days double precision default 2,
  p_hour_days double precision default 35, p_day_days double precision default 400, p_slow_days double precision default 30,
  p_moment timestamptz default clock_timestamp()) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_limit record;
  v_doomed integer := 0;
  v_count integer;
begin
  perform pg_advisory_xact_lock(hashtextextended('resilience.metric_rollups', 0));
  for v_limit in
    select unit.resolution, unit.marked, p_moment - make_interval(secs => 86400 * unit.days) as before
    from (values ('minute', 'hour', greatest(p_minute_days, 2)), ('hour', 'day', greatest(p_hour_days, 3)),
      ('day', null, greatest(p_day_days, 7))) as unit (resolution, marked, days)
  loop
    continue when exists (select from resilience.metric_samples sample where sample.starts_at < v_limit.before)
      or exists (select from resilience.counter_samples sample where sample.starts_at < v_limit.before);
    delete from resilience.metric_rollups rollup where rollup.ctid = any (array(
      select old.ctid from resilience.metric_rollups old
      where old.resolution = v_limit.resolution and old.starts_at < v_limit.before and not exists (
        select from resilience.metric_marks mark
        where mark.resolution = v_limit.marked and mark.starts_at = date_trunc(v_limit.marked, old.starts_at, 'UTC'))
      limit p_max_rows));
    get diagnostics v_count = row_count;
    v_doomed := v_doomed + v_count;
    delete from resilience.counter_rollups rollup where rollup.ctid = any (array(
      select old.ctid from resilience.counter_rollups old
      where old.resolution = v_limit.resolution and old.starts_at < v_limit.before and not exists (
        select from resilience.metric_marks mark
        where mark.resolution = v_limit.marked and mark.starts_at = date_trunc(v_limit.marked, old.starts_at, 'UTC'))
      limit p_max_rows));
    get diagnostics v_count = row_count;
    v_doomed := v_doomed + v_count;
  end loop;
  delete from resilience.slow_operations call where call.id in (
    select old.id from resilience.slow_operations old
    where old.happened_at < p_moment - make_interval(secs => 86400 * p_slow_days) order by old.happened_at limit p_max_rows);
  get diagnostics v_count = row_count;
  v_doomed := v_doomed + v_count;
  -- An isolate lives for minutes, and sends again what is a day old at most.
  delete from resilience.telemetry_writers writer where writer.id in (
    select old.id from resilience.telemetry_writers old
    where old.seen_at < p_moment - interval '2 days' order by old.seen_at limit p_max_rows for update skip locked);
  get diagnostics v_count = row_count;
  return v_doomed + v_count;
end
$$;
revoke all on function resilience.purge_metrics(integer, double precision, double precision, double precision,
  double precision, timestamptz) from public;
grant execute on function resilience.purge_metrics(integer, double precision, double precision, double precision,
  double precision, timestamptz) to service_role;
