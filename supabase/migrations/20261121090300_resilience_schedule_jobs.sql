-- Scheduled jobs: what should run when, and what did run. A wake-up (pg_cron, the local scheduler, a person) is only a
-- hint; which runner works is decided here, by a lease on the database's clock.

-- The subset of cron that pg_cron and the local scheduler read alike: five numeric fields in UTC, single spaces, lists,
-- ranges and steps of `*` or a range. Names, `$`, `L`, seconds and `@daily` are refused: the two disagree on them. So is
-- restricting both day fields, where one dialect means "or" and another "and".
create function resilience.is_cron_expression(expression text)
returns boolean
language plpgsql
immutable strict parallel safe
set search_path = ''
as $$
declare
  fields constant text[] := string_to_array(expression, ' ');
  lowest constant integer[] := array[0, 0, 1, 1, 0];
  highest constant integer[] := array[59, 23, 31, 12, 7];
  part text;
  parsed text[];
begin
  if cardinality(fields) <> 5 or (fields[3] <> '*' and fields[5] <> '*') then
    return false;
  end if;
  for field in 1..5 loop
    -- The comma in front keeps an empty field from being an empty list.
    foreach part in array (string_to_array(',' || fields[field], ','))[2:] loop
      parsed := regexp_match(part, '^(?:\*|([0-9]{1,2})(?:-([0-9]{1,2}))?)(?:/([0-9]{1,2}))?$');
      if parsed is null
        or (parsed[1] is not null and parsed[2] is null and parsed[3] is not null)
        or parsed[1]::integer not between lowest[field] and highest[field]
        or parsed[2]::integer not between parsed[1]::integer and highest[field]
        or parsed[3]::integer not between 1 and highest[field]
      then
        return false;
      end if;
    end loop;
  end loop;
  return true;
end;
$$;
revoke execute on function resilience.is_cron_expression(text) from public;
grant execute on function resilience.is_cron_expression(text) to service_role;

create table resilience.job_schedules (
  name text primary key,
  cron text not null,
  function_name text not null,
  payload jsonb not null default '{}',
  is_enabled boolean not null default true,
  lease_seconds integer not null default 60,
  max_attempts integer not null default 5,
  max_gap interval not null,
  enabled_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint name_is_a_slug check (name ~ '^[a-z][a-z0-9-]{0,47}$'),
  constraint cron_has_five_numeric_fields check (resilience.is_cron_expression(cron)),
  constraint function_name_names_a_folder check (function_name ~ '^[A-Za-z][A-Za-z0-9_-]*$'),
  constraint payload_is_an_object check (jsonb_typeof(payload) = 'object'),
  constraint lease_lasts_a_second_to_an_hour check (lease_seconds between 1 and 3600),
  constraint max_attempts_is_positive check (max_attempts > 0),
  constraint max_gap_is_positive check (max_gap > interval '0')
);
comment on table resilience.job_schedules is 'What should run when: five-field cron in UTC, and the function it wakes.';
comment on column resilience.job_schedules.max_gap is 'Without a success for longer than this, a run was missed.';
comment on column resilience.job_schedules.lease_seconds is 'A runner not heard of for this long is taken for dead.';

create table resilience.job_runs (
  id bigint generated always as identity primary key,
  job_name text not null references resilience.job_schedules (name) on update cascade on delete cascade,
  scheduled_for timestamptz not null,
  attempt integer not null default 1,
  state text not null default 'running',
  lease_token uuid not null default gen_random_uuid(),
  lease_expires_at timestamptz,
  runner text,
  progress jsonb,
  outcome jsonb,
  error_code text,
  started_at timestamptz not null default clock_timestamp(),
  heartbeat_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  constraint state_is_known check (state in ('running', 'paused', 'succeeded', 'failed', 'abandoned')),
  constraint attempt_is_positive check (attempt > 0),
  constraint only_a_running_run_holds_a_lease check ((state = 'running') = (lease_expires_at is not null)),
  constraint only_an_ended_run_has_an_end
    check ((state in ('succeeded', 'failed', 'abandoned')) = (finished_at is not null)),
  constraint only_a_run_that_went_wrong_names_an_error
    check ((state in ('failed', 'abandoned')) = (error_code is not null)),
  constraint finished_at_is_not_before_started_at check (finished_at >= started_at),
  constraint an_attempt_is_made_once unique (job_name, scheduled_for, attempt)
);
comment on table resilience.job_runs is
  'What did run, one row an attempt. `paused` is a run that handed over between two chunks: the next wake-up goes on.';
comment on column resilience.job_runs.progress is 'The cursor of the last whole chunk: where the next runner goes on.';

create unique index job_runs_have_one_runner_a_job on resilience.job_runs (job_name) where state = 'running';
create unique index job_runs_run_once_a_time on resilience.job_runs (job_name, scheduled_for)
  where state in ('running', 'paused', 'succeeded');
create index job_runs_newest_first on resilience.job_runs (job_name, id desc);
create index job_runs_last_success on resilience.job_runs (job_name, finished_at desc) where state = 'succeeded';
create index job_runs_by_end on resilience.job_runs (finished_at);

alter table resilience.job_schedules enable row level security;
alter table resilience.job_runs enable row level security;
revoke all on resilience.job_schedules, resilience.job_runs from public, anon, authenticated;
grant select, insert, update, delete on resilience.job_schedules, resilience.job_runs to service_role;

create function resilience.touch_job_schedule()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
begin
  new.updated_at := clock_timestamp();
  if new.is_enabled and not old.is_enabled then
    new.enabled_at := clock_timestamp();
  end if;
  return new;
end;
$$;
revoke execute on function resilience.touch_job_schedule() from public;
create trigger touch_job_schedule before update on resilience.job_schedules
  for each row execute function resilience.touch_job_schedule();

-- Makes the caller the runner of `p_job`, or says why not: `busy` (somebody runs it under a live lease), `done` (this time
-- has succeeded), `exhausted` (no attempt is left for this time), `disabled`, `unknown`. A run that was left unfinished goes
-- first: the caller gets its time and its cursor, and asks again for its own time afterwards.
create function resilience.claim_job_run(
  p_job text,
  p_scheduled_for timestamptz default null,
  p_runner text default null
)
returns table (
  status text,
  run_id bigint,
  scheduled_for timestamptz,
  attempt integer,
  progress jsonb,
  payload jsonb,
  lease_token uuid,
  lease_seconds integer,
  lease_expires_at timestamptz
)
language plpgsql
volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
  schedule resilience.job_schedules;
  latest resilience.job_runs;
  claimed resilience.job_runs;
  -- Milliseconds, as JavaScript keeps time: the same moment sent back must be the same row.
  wanted timestamptz := date_trunc('milliseconds', coalesce(p_scheduled_for, clock_timestamp()));
  refusal text;
begin
  -- The schedule's row is the job's lock: claims of one job take turns, and each sees what the one before it did.
  select s.* into schedule from resilience.job_schedules s where s.name = p_job for no key update;
  if not found then
    refusal := 'unknown';
  elsif not schedule.is_enabled then
    refusal := 'disabled';
  end if;

  -- At most one run of a job is unfinished, and it is always the newest: nothing starts before it is settled.
  while refusal is null and claimed.id is null loop
    select r.* into latest from resilience.job_runs r where r.job_name = p_job order by r.id desc limit 1;
    if latest.state = 'running' then
      -- clock_timestamp(), not now(): the wait for the lock may have taken longer than the lease.
      update resilience.job_runs r
        set state = 'abandoned', error_code = 'lease_expired', lease_expires_at = null, finished_at = clock_timestamp()
        where r.id = latest.id and r.state = 'running' and r.lease_expires_at <= clock_timestamp();
      if not found then
        select r.* into latest from resilience.job_runs r where r.id = latest.id;
        if latest.state = 'running' then
          refusal := 'busy';
        end if;
      end if;
    elsif latest.state = 'paused' then
      update resilience.job_runs r
        set state = 'running', lease_token = gen_random_uuid(), runner = p_runner, heartbeat_at = clock_timestamp(),
          lease_expires_at = clock_timestamp() + make_interval(secs => schedule.lease_seconds)
        where r.id = latest.id
        returning r.* into claimed;
    else
      if latest.state = 'abandoned' and latest.attempt < schedule.max_attempts then
        wanted := latest.scheduled_for;
      else
        select r.* into latest from resilience.job_runs r
          where r.job_name = p_job and r.scheduled_for = wanted order by r.attempt desc limit 1;
      end if;
      if latest.state = 'succeeded' and latest.scheduled_for = wanted then
        refusal := 'done';
      elsif latest.scheduled_for = wanted and latest.attempt >= schedule.max_attempts then
        refusal := 'exhausted';
      else
        insert into resilience.job_runs (job_name, scheduled_for, attempt, progress, runner, lease_expires_at)
          values (p_job, wanted, coalesce(latest.attempt, 0) + 1, latest.progress, p_runner,
            clock_timestamp() + make_interval(secs => schedule.lease_seconds))
          returning * into claimed;
      end if;
    end if;
  end loop;

  return query select coalesce(refusal, 'claimed'), claimed.id, coalesce(claimed.scheduled_for, wanted), claimed.attempt,
    claimed.progress, schedule.payload, claimed.lease_token, schedule.lease_seconds,
    case refusal when 'busy' then latest.lease_expires_at else claimed.lease_expires_at end;
end;
$$;
revoke execute on function resilience.claim_job_run(text, timestamptz, text) from public;
grant execute on function resilience.claim_job_run(text, timestamptz, text) to service_role;

-- Says "still here" and keeps the cursor; gives the new end of the lease, or null where the lease was lost. A lease past
-- its end that nobody has taken over is still the runner's.
create function resilience.renew_job_lease(p_run_id bigint, p_lease_token uuid, p_progress jsonb default null)
returns timestamptz
language sql
volatile
set search_path = ''
as $$
  update resilience.job_runs r
    set progress = coalesce(p_progress, r.progress), heartbeat_at = clock_timestamp(),
      lease_expires_at = clock_timestamp() + make_interval(secs => s.lease_seconds)
    from resilience.job_schedules s
    where s.name = r.job_name and r.id = p_run_id and r.lease_token = p_lease_token and r.state = 'running'
    returning r.lease_expires_at;
$$;
revoke execute on function resilience.renew_job_lease(bigint, uuid, jsonb) from public;
grant execute on function resilience.renew_job_lease(bigint, uuid, jsonb) to service_role;

-- Ends a run as `succeeded` or `failed`, or hands it over as `paused`. False where the lease was lost: a late runner changes
-- nothing. The same call again (its answer was lost on the way) is true again.
create function resilience.finish_job_run(
  p_run_id bigint,
  p_lease_token uuid,
  p_state text,
  p_progress jsonb default null,
  p_outcome jsonb default null,
  p_error_code text default null
)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  if p_state is null or p_state not in ('succeeded', 'failed', 'paused') then
    raise exception 'Cannot finish the run as ''%'' is not an end: want succeeded, failed or paused', p_state
      using errcode = 'invalid_parameter_value';
  end if;
  update resilience.job_runs r
    set state = p_state, progress = coalesce(p_progress, r.progress), outcome = p_outcome, lease_expires_at = null,
      heartbeat_at = clock_timestamp(),
      error_code = case p_state when 'failed' then coalesce(p_error_code, 'failed') end,
      finished_at = case when p_state <> 'paused' then clock_timestamp() end
    where r.id = p_run_id and r.lease_token = p_lease_token and r.state = 'running';
  return found or exists (
    select 1 from resilience.job_runs r
    where r.id = p_run_id and r.lease_token = p_lease_token and r.state = p_state
  );
end;
$$;
revoke execute on function resilience.finish_job_run(bigint, uuid, text, jsonb, jsonb, text) from public;
grant execute on function resilience.finish_job_run(bigint, uuid, text, jsonb, jsonb, text) to service_role;

-- How each job does. A job is overdue when it has had no success for longer than its `max_gap`, counted from when it was
-- last switched on. The counts go as far back as runs are kept.
create function resilience.job_health()
returns table (
  job_name text,
  is_enabled boolean,
  last_succeeded_at timestamptz,
  last_state text,
  last_error_code text,
  is_overdue boolean,
  is_running boolean,
  lease_expires_at timestamptz,
  failed_count bigint,
  abandoned_count bigint
)
language sql
stable
set search_path = ''
as $$
  select s.name, s.is_enabled, success.finished_at, latest.state, latest.error_code,
    s.is_enabled and greatest(s.enabled_at, success.finished_at) < clock_timestamp() - s.max_gap,
    coalesce(latest.state = 'running' and latest.lease_expires_at > clock_timestamp(), false),
    latest.lease_expires_at, coalesce(wrong.failed, 0), coalesce(wrong.abandoned, 0)
  from resilience.job_schedules s
  left join lateral (
    select r.finished_at from resilience.job_runs r
    where r.job_name = s.name and r.state = 'succeeded' order by r.finished_at desc limit 1
  ) success on true
  left join lateral (
    select r.state, r.error_code, r.lease_expires_at from resilience.job_runs r
    where r.job_name = s.name order by r.id desc limit 1
  ) latest on true
  left join (
    select r.job_name, count(*) filter (where r.state = 'failed') as failed,
      count(*) filter (where r.state = 'abandoned') as abandoned
    from resilience.job_runs r where r.state in ('failed', 'abandoned') group by r.job_name
  ) wrong on wrong.job_name = s.name
  order by s.name;
$$;
revoke execute on function resilience.job_health() from public;
grant execute on function resilience.job_health() to service_role;
