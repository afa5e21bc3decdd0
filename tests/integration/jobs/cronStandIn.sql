-- Stands in for pg_cron and pg_net, which the embedded server has not (the vault it has): what register_jobs and wake_job call, with
-- their signatures. cron.schedule replaces a job of the same name, cron.unschedule throws for an unknown one, as theirs do.
create schema cron;
create table cron.job (
  jobid bigint generated always as identity primary key,
  schedule text not null,
  command text not null,
  username text not null default current_user,
  active boolean not null default true,
  jobname text unique
);
create table cron.calls (id bigint generated always as identity, call text not null);

create function cron.schedule(job_name text, schedule text, command text) returns bigint language sql as $$
  insert into cron.calls (call) values ('schedule ' || job_name);
  insert into cron.job (jobname, schedule, command) values (job_name, schedule, command)
    on conflict (jobname) do update set schedule = excluded.schedule, command = excluded.command
    returning jobid;
$$;

create function cron.unschedule(job_name text) returns boolean language plpgsql as $$
begin
  insert into cron.calls (call) values ('unschedule ' || job_name);
  delete from cron.job where jobname = job_name;
  if not found then
    raise exception 'could not find valid entry for job ''%''', job_name;
  end if;
  return true;
end $$;

create schema net;
create table net.requests (
  id bigint generated always as identity primary key, url text, body jsonb, headers jsonb, timeout_milliseconds integer
);
create function net.http_post(
  url text,
  body jsonb default '{}',
  params jsonb default '{}',
  headers jsonb default '{"Content-Type": "application/json"}',
  timeout_milliseconds integer default 5000
) returns bigint language sql as $$
  insert into net.requests (url, body, headers, timeout_milliseconds) values ($1, $2, $4, $5) returning id;
$$;
