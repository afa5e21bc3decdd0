-- What isolates measure: how long operations took, as sketches that merge, and what was counted. Isolates write what they
-- measured in ten seconds as samples, which nobody contends for; a job merges samples to minutes, minutes to hours and
-- hours to days.

-- Is this a sketch of `p_calls` calls? Bins are numbered by the logarithm of the duration, none is empty; their order does
-- not matter to whoever merges them.
create function resilience.is_sketch(p_keys smallint[], p_counts bigint[], p_calls bigint) returns boolean
language sql immutable set search_path = ''
as $$
  select cardinality(p_keys) = cardinality(p_counts) and cardinality(p_keys) between 1 and 2048
    and array_position(p_keys, null) is null
    and coalesce((select sum(bin.calls) = p_calls and min(bin.calls) > 0 and count(*) = count(bin.calls)
      from unnest(p_counts) as bin (calls)), false);
$$;
revoke all on function resilience.is_sketch(smallint[], bigint[], bigint) from public;
grant execute on function resilience.is_sketch(smallint[], bigint[], bigint) to service_role;

-- Are these the ids of a few trials, each once, in order?
create function resilience.are_trials(p_trials text[]) returns boolean
language sql immutable set search_path = ''
as $$
  select cardinality(p_trials) <= 16 and array_position(p_trials, null) is null
    and coalesce((select max(length(trial)) <= 100 and min(length(trial)) > 0 from unnest(p_trials) as trial), true)
    and p_trials = array(select distinct trial collate "C" from unnest(p_trials) as trial order by 1);
$$;
revoke all on function resilience.are_trials(text[]) from public;
grant execute on function resilience.are_trials(text[]) to service_role;

-- How far each isolate's telemetry has been taken: what is sent again, as nobody knew whether it had arrived, is not
-- taken twice.
create table resilience.telemetry_writers (
  id uuid primary key,
  isolate text not null,
  last_sequence bigint not null,
  seen_at timestamptz not null,
  constraint isolate_has_a_short_name check (length(isolate) between 1 and 200),
  constraint sequence_is_not_negative check (last_sequence >= 0)
) with (fillfactor = 50);
comment on table resilience.telemetry_writers is 'The last part of its telemetry that was taken from each isolate.';
create index telemetry_writers_by_age on resilience.telemetry_writers (seen_at);

create table resilience.metric_samples (
  id bigint generated always as identity primary key,
  -- The minute that it was measured in.
  starts_at timestamptz not null,
  -- Empty where the operation was not part of a request.
  function_name text not null,
  operation text not null,
  -- The trials whose change was in force on the isolate.
  trials text[] not null,
  calls bigint not null,
  failures bigint not null,
  sum_ms double precision not null,
  sum_squares double precision not null,
  min_ms double precision not null,
  max_ms double precision not null,
  bin_keys smallint[] not null,
  bin_counts bigint[] not null,
  constraint names_are_short check (length(function_name) <= 100 and length(operation) between 1 and 200),
  constraint trials_are_few_and_in_order check (cardinality(trials) = 0 or resilience.are_trials(trials)),
  constraint failures_are_calls check (failures between 0 and calls),
  -- NaN and Infinity are beyond the right end.
  constraint durations_are_finite check (min_ms >= 0 and max_ms >= min_ms and max_ms <= 1e9
    and sum_ms >= 0 and sum_ms < 'infinity' and sum_squares >= 0 and sum_squares < 'infinity'),
  constraint bins_are_a_sketch_of_the_calls check (resilience.is_sketch(bin_keys, bin_counts, calls))
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
comment on table resilience.metric_samples is 'What isolates measured and nobody has merged yet. Append-only until merged.';

create table resilience.counter_samples (
  id bigint generated always as identity primary key,
  starts_at timestamptz not null,
  counter text not null,
  trials text[] not null,
  total double precision not null,
  constraint counter_has_a_short_name check (length(counter) between 1 and 200),
  constraint trials_are_few_and_in_order check (cardinality(trials) = 0 or resilience.are_trials(trials)),
  constraint total_is_finite check (total >= 0 and total < 'infinity')
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
comment on table resilience.counter_samples is 'What isolates counted and nobody has merged yet. Append-only until merged.';

create table resilience.metric_rollups (
  resolution text not null,
  starts_at timestamptz not null,
  function_name text not null,
  operation text not null,
  -- Days no longer tell trials apart.
  trials text[] not null,
  calls bigint not null,
  failures bigint not null,
  sum_ms double precision not null,
  sum_squares double precision not null,
  min_ms double precision not null,
  max_ms double precision not null,
  bin_keys smallint[] not null,
  bin_counts bigint[] not null,
  primary key (resolution, starts_at, function_name, operation, trials),
  constraint resolution_is_known check (resolution in ('minute', 'hour', 'day')),
  constraint failures_are_calls check (failures between 0 and calls)
);
comment on table resilience.metric_rollups is 'What the fleet measured, by minute, hour and day: each row merges all isolates.';
comment on column resilience.metric_rollups.bin_keys is 'Bin k holds durations of about 1.016^k ms: a DDSketch of 0.8 % relative accuracy.';

create table resilience.counter_rollups (
  resolution text not null,
  starts_at timestamptz not null,
  counter text not null,
  trials text[] not null,
  total double precision not null,
  primary key (resolution, starts_at, counter, trials),
  constraint resolution_is_known check (resolution in ('minute', 'hour', 'day'))
);
comment on table resilience.counter_rollups is 'What the fleet counted, by minute, hour and day.';

-- Hours and days whose rows are not what their minutes and hours add up to: they are still to be computed, or again as
-- something came late.
create table resilience.metric_marks (
  resolution text not null,
  starts_at timestamptz not null,
  primary key (resolution, starts_at),
  constraint resolution_is_computed check (resolution in ('hour', 'day'))
);
comment on table resilience.metric_marks is 'Hours and days that are to be computed (again) from their minutes and hours; readers use those meanwhile.';

create table resilience.slow_operations (
  id bigint generated always as identity primary key,
  happened_at timestamptz not null,
  isolate text not null,
  function_name text not null,
  request_id text,
  operation text not null,
  duration_ms double precision not null,
  has_failed boolean not null,
  -- What was done: kind, table and names of keys, never a value.
  shape text,
  constraint names_are_short check (length(isolate) between 1 and 200 and length(function_name) <= 100
    and length(request_id) <= 200 and length(operation) between 1 and 200 and length(shape) <= 500),
  constraint duration_is_finite check (duration_ms >= 0 and duration_ms < 'infinity')
);
comment on table resilience.slow_operations is 'The slowest single calls that isolates saw, with what they did but no value of it.';
create index slow_operations_by_age on resilience.slow_operations (happened_at);

alter table resilience.telemetry_writers enable row level security;
alter table resilience.metric_samples enable row level security;
alter table resilience.counter_samples enable row level security;
alter table resilience.metric_rollups enable row level security;
alter table resilience.counter_rollups enable row level security;
alter table resilience.metric_marks enable row level security;
alter table resilience.slow_operations enable row level security;
revoke all on resilience.telemetry_writers, resilience.metric_samples, resilience.counter_samples, resilience.metric_rollups,
  resilience.counter_rollups, resilience.metric_marks, resilience.slow_operations from public, anon, authenticated;
-- Changed by the functions below and beside alone.
grant select on resilience.telemetry_writers to service_role;
grant select on resilience.metric_samples to service_role;
grant select on resilience.counter_samples to service_role;
grant select on resilience.metric_rollups to service_role;
grant select on resilience.counter_rollups to service_role;
grant select on resilience.metric_marks to service_role;
grant select on resilience.slow_operations to service_role;

-- Takes what an isolate measured, counted and met: frames, each of one minute, numbered in the order they were closed. A
-- number that was taken before is left out, so the same call twice is once. An isolate's clock is believed within a day of
-- ours and never beyond now. Gives how many frames were new.
create function resilience.record_telemetry(p_isolate text, p_writer uuid, p_telemetry jsonb,
  p_moment timestamptz default clock_timestamp()) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_last bigint;
  v_newest bigint;
  v_taken integer;
begin
  if jsonb_typeof(p_telemetry -> 'frames') is distinct from 'array'
    or jsonb_array_length(p_telemetry -> 'frames') not between 1 and 50 then
    raise exception using errcode = '22023',
      message = 'Cannot record telemetry as ''frames'' must be a list of 1 to 50 frames';
  end if;
  select max((frame ->> 'sequence')::bigint) into v_newest from jsonb_array_elements(p_telemetry -> 'frames') as frame;
  insert into resilience.telemetry_writers as writer (id, isolate, last_sequence, seen_at)
    values (p_writer, p_isolate, 0, p_moment) on conflict (id) do nothing;
  -- A call that was given up may still be under way: this one waits for it and then knows what it took.
  select writer.last_sequence into v_last from resilience.telemetry_writers writer where writer.id = p_writer for update;
  if v_newest <= v_last then
    return 0;
  end if;
  update resilience.telemetry_writers writer set last_sequence = v_newest, seen_at = p_moment where writer.id = p_writer;

  with frames as materialized (
    select frame,
      date_trunc('minute', least(greatest(to_timestamp((frame ->> 'startsAt')::double precision / 1000),
        p_moment - interval '1 day'), p_moment)) as starts_at,
      array(select distinct trial collate "C" from jsonb_array_elements_text(frame -> 'trials') as trial order by 1) as trials
    from jsonb_array_elements(p_telemetry -> 'frames') as frame
    where (frame ->> 'sequence')::bigint > v_last
  ),
  measured as (
    insert into resilience.metric_samples (starts_at, function_name, operation, trials, calls, failures, sum_ms, sum_squares,
      min_ms, max_ms, bin_keys, bin_counts)
    select frames.starts_at, series.fn, series.op, frames.trials, series.n, series.failed, series.sum, series.squares,
      series.min, series.max, series.keys, series.counts
    from frames cross join lateral jsonb_to_recordset(frames.frame -> 'series') as series (fn text, op text, n bigint,
      failed bigint, sum double precision, squares double precision, min double precision, max double precision,
      keys smallint[], counts bigint[])
  ),
  counted as (
    insert into resilience.counter_samples (starts_at, counter, trials, total)
    select frames.starts_at, counter.key, frames.trials, counter.value::double precision
    from frames cross join lateral jsonb_each_text(frames.frame -> 'counters') as counter
  ),
  told as (
    insert into resilience.kernel_events (happened_at, isolate, function_name, request_id, kind, subject, ref, cause, cost_ms,
      occurrences, detail)
    select least(greatest(to_timestamp(event."at" / 1000), p_moment - interval '1 day'), p_moment), p_isolate, event.fn,
      event.request, event.kind, event.subject, event.ref, event.cause, event.cost, event.n, coalesce(event.detail, '{}')
    from frames cross join lateral jsonb_to_recordset(frames.frame -> 'events') as event ("at" double precision, fn text,
      request text, kind text, subject text, ref text, cause text, cost double precision, n integer, detail jsonb)
  ),
  kept as (
    insert into resilience.slow_operations (happened_at, isolate, function_name, request_id, operation, duration_ms,
      has_failed, shape)
    select least(greatest(to_timestamp(call."at" / 1000), p_moment - interval '1 day'), p_moment), p_isolate, call.fn,
      call.request, call.op, call.ms, call.failed, call.shape
    from frames cross join lateral jsonb_to_recordset(frames.frame -> 'slow') as call ("at" double precision, fn text,
      request text, op text, ms double precision, failed boolean, shape text)
  )
  select count(*) into v_taken from frames;
  return v_taken;
end
$$;
revoke all on function resilience.record_telemetry(text, uuid, jsonb, timestamptz) from public;
grant execute on function resilience.record_telemetry(text, uuid, jsonb, timestamptz) to service_role;
