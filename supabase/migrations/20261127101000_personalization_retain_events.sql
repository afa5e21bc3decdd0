-- How long things are kept. Events go by whole partitions; ids of events stay for twice as long as a late event may come; idle
-- sessions without an account go with all that was learned of them.
create function personalization.drop_old_months(p_before timestamptz) returns integer
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_partition record;
  v_dropped integer := 0;
begin
  for v_partition in
    select child.relname as name, to_date(right(child.relname, 7), 'YYYY_MM') + interval '1 month' as ends_at
    from pg_catalog.pg_inherits link
    join pg_catalog.pg_class child on child.oid = link.inhrelid
    where link.inhparent = 'personalization.interactions'::regclass and child.relname ~ '^interactions_\d{4}_\d{2}$'
    order by child.relname
  loop
    continue when v_partition.ends_at > p_before;
    execute format('drop table personalization.%I', v_partition.name);
    v_dropped := v_dropped + 1;
  end loop;
  delete from personalization.interactions_default where occurred_at < p_before;
  return v_dropped;
end;
$$;
revoke execute on function personalization.drop_old_months(timestamptz) from public;
grant execute on function personalization.drop_old_months(timestamptz) to service_role;
comment on function personalization.drop_old_months(timestamptz) is 'Drops the months of events that have ended before a moment.';

create function personalization.purge_event_keys(p_before timestamptz, p_limit integer) returns integer
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_gone integer;
begin
  delete from personalization.event_keys where event_id in (
    select k.event_id from personalization.event_keys k where k.received_at < p_before limit p_limit);
  get diagnostics v_gone = row_count;
  return v_gone;
end;
$$;
revoke execute on function personalization.purge_event_keys(timestamptz, integer) from public;
grant execute on function personalization.purge_event_keys(timestamptz, integer) to service_role;
comment on function personalization.purge_event_keys(timestamptz, integer) is 'Removes ids of events that are too old to come again.';

create function personalization.purge_shown_lists(p_before timestamptz, p_limit integer) returns integer
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_gone integer;
begin
  delete from personalization.shown_lists where id in (
    select l.id from personalization.shown_lists l where l.shown_at < p_before order by l.shown_at limit p_limit);
  get diagnostics v_gone = row_count;
  return v_gone;
end;
$$;
revoke execute on function personalization.purge_shown_lists(timestamptz, integer) from public;
grant execute on function personalization.purge_shown_lists(timestamptz, integer) to service_role;
comment on function personalization.purge_shown_lists(timestamptz, integer) is 'Removes lists that nothing is attributed to any more.';

create index idle_sessions on personalization.subjects (coalesce(last_event_at, created_at)) where is_session;

-- A session that opted out stays: it would be learned about again if it was forgotten that it does not want to.
create function personalization.purge_idle_sessions(p_before timestamptz, p_limit integer) returns integer
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_id uuid;
  v_gone integer := 0;
begin
  for v_id in
    select s.id from personalization.subjects s
    where s.is_session and s.opted_out_at is null and coalesce(s.last_event_at, s.created_at) < p_before
    order by coalesce(s.last_event_at, s.created_at) limit p_limit for update skip locked
  loop
    perform personalization.erase_subject(v_id);
    delete from personalization.subjects where id = v_id;
    v_gone := v_gone + 1;
  end loop;
  return v_gone;
end;
$$;
revoke execute on function personalization.purge_idle_sessions(timestamptz, integer) from public;
grant execute on function personalization.purge_idle_sessions(timestamptz, integer) to service_role;
comment on function personalization.purge_idle_sessions(timestamptz, integer) is 'Erases sessions without an account that have gone quiet.';

insert into resilience.job_schedules (name, cron, function_name, lease_seconds, max_gap) values
  ('personalization-upkeep', '35 * * * *', 'personalization-upkeep', 120, interval '6 hours')
on conflict (name) do nothing;
