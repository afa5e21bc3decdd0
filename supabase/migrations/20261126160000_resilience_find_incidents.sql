-- Incidents ask what was given up within a stretch of time, or in a request; whether it was settled since is no matter.
create index dead_letters_by_age on resilience.dead_letters (died_at);
create index dead_letters_by_request on resilience.dead_letters (request_id) where request_id is not null;

-- Events expire by their age, at most p_max_rows a call; a dry run only counts them.
create function resilience.purge_kernel_events(p_before timestamptz, p_max_rows integer default 10000,
  p_is_dry_run boolean default false) returns integer
language sql volatile set search_path = ''
as $$
  with expired as (
    select id from resilience.kernel_events
    where happened_at < p_before order by happened_at limit p_max_rows for update skip locked
  ),
  purged as (
    delete from resilience.kernel_events event using expired where event.id = expired.id and not p_is_dry_run
  )
  select count(*)::integer from expired;
$$;
revoke execute on function resilience.purge_kernel_events(timestamptz, integer, boolean) from public;
grant execute on function resilience.purge_kernel_events(timestamptz, integer, boolean) to service_role;
