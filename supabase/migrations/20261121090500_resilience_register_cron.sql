-- pg_cron, pg_net and vault wake the jobs where a database has all three; elsewhere nothing here does anything, and the
-- local scheduler reads the same table. Statements that name these extensions are dynamic: they may not exist.

-- Posts the wake-up of one job to its function: a hint, delivered at most once. The lease decides who works.
create function resilience.wake_job(p_name text)
returns bigint
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  schedule resilience.job_schedules;
  project_url text;
  secret_key text;
  request_id bigint;
begin
  select s.* into schedule from resilience.job_schedules s where s.name = p_name and s.is_enabled;
  if not found then
    return null;
  end if;
  execute $statement$
    select max(decrypted_secret) filter (where name = 'ballast_project_url'),
      max(decrypted_secret) filter (where name = 'ballast_secret_key')
    from vault.decrypted_secrets where name in ('ballast_project_url', 'ballast_secret_key')
  $statement$ into project_url, secret_key;
  if project_url is null or secret_key is null then
    raise exception 'Cannot wake the job ''%'' as the vault lacks ballast_project_url or ballast_secret_key', p_name
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'select vault.create_secret(''https://<ref>.supabase.co'', ''ballast_project_url'')';
  end if;
  -- The minute is the slot: a second wake-up of it is the same run. 5 s, not pg_net's 2 s: a function may start cold.
  execute $statement$
    select net.http_post(url := $1, body := $2, headers := $3, timeout_milliseconds := 5000)
  $statement$ into request_id using
    rtrim(project_url, '/') || '/functions/v1/' || schedule.function_name,
    jsonb_build_object('job', schedule.name,
      'scheduledFor', to_char(date_trunc('minute', now()) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')),
    jsonb_build_object('content-type', 'application/json', 'apikey', secret_key);
  return request_id;
end;
$$;
revoke execute on function resilience.wake_job(text) from public;
grant execute on function resilience.wake_job(text) to service_role;

-- Brings pg_cron in step with `job_schedules` and says what it changed; nothing where it was in step, or cannot run.
-- Call it once after switching the extensions on; from then on the trigger below keeps the two in step.
-- A definer: a job belongs to who registers it, and only the owner may read the vault.
create function resilience.register_jobs()
returns table (job_name text, action text)
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  if to_regprocedure('cron.schedule(text,text,text)') is null or to_regprocedure('cron.unschedule(text)') is null
    or to_regprocedure('net.http_post(text,jsonb,jsonb,jsonb,integer)') is null
    or to_regclass('vault.decrypted_secrets') is null
  then
    return;
  end if;
  -- Ours are the names that begin with 'ballast:'; other people's jobs are never touched.
  return query execute $statement$
    with wanted as (
      select 'ballast:' || s.name as name, s.cron, format('select resilience.wake_job(%L)', s.name) as command
      from resilience.job_schedules s where s.is_enabled
    ),
    existing as (
      select j.jobname::text as name, j.schedule, j.command from cron.job j where starts_with(j.jobname::text, 'ballast:')
    ),
    gone as materialized (
      select e.name, cron.unschedule(e.name) as is_done from existing e
      where not exists (select 1 from wanted w where w.name = e.name)
    ),
    added as materialized (
      select w.name, cron.schedule(w.name, w.cron, w.command) as id from wanted w
      where not exists (
        select 1 from existing e where e.name = w.name and e.schedule = w.cron and e.command = w.command
      )
    )
    select substr(gone.name, 9), 'unscheduled' from gone
    union all
    select substr(added.name, 9), 'scheduled' from added where added.id is not null
    order by 1
  $statement$;
end;
$$;
revoke execute on function resilience.register_jobs() from public;
grant execute on function resilience.register_jobs() to service_role;

create function resilience.register_changed_jobs()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
begin
  perform resilience.register_jobs();
  return null;
end;
$$;
revoke execute on function resilience.register_changed_jobs() from public;
create trigger register_changed_jobs after insert or update or delete or truncate on resilience.job_schedules
  for each statement execute function resilience.register_changed_jobs();

select * from resilience.register_jobs();
