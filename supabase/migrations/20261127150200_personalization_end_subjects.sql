-- How long it is kept that somebody is over: erased, merged, opted out, or gone. Counted from when that was, not from when the subject
-- was made: an old session would lose it within the hour, and what was erased could come back.

drop index personalization.idle_sessions;
create index idle_sessions on personalization.subjects (greatest(created_at, last_event_at, forgotten_at))
  where is_session and opted_out_at is null and merged_into is null;
create index ended_sessions on personalization.subjects (greatest(created_at, last_event_at, forgotten_at))
  where is_session and (opted_out_at is not null or merged_into is not null);

-- A session that opted out would be learned about again if that was forgotten, and one that is over would begin anew: they go once
-- no browser has the key any more, which keeps nothing for more than 400 days. Accounts that are gone: once their tokens are.
create or replace function personalization.purge_idle_sessions(p_before timestamptz, p_limit integer) returns integer
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
    where s.id = any (array(
        select idle.id from personalization.subjects idle
        where idle.is_session and idle.opted_out_at is null and idle.merged_into is null
          and greatest(idle.created_at, idle.last_event_at, idle.forgotten_at) < p_before
        order by greatest(idle.created_at, idle.last_event_at, idle.forgotten_at) limit p_limit))
      or s.id = any (array(
        select ended.id from personalization.subjects ended
        where ended.is_session and (ended.opted_out_at is not null or ended.merged_into is not null)
          and greatest(ended.created_at, ended.last_event_at, ended.forgotten_at) < least(p_before, now() - interval '400 days')
        order by greatest(ended.created_at, ended.last_event_at, ended.forgotten_at) limit p_limit))
      or s.id = any (array(
        select gone.id from personalization.subjects gone
        where gone.deleted_at < now() - interval '31 days' order by gone.deleted_at limit p_limit))
    for update skip locked
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
comment on function personalization.purge_idle_sessions(timestamptz, integer) is
  'Erases sessions without an account that have gone quiet, and what is left of who is over.';

create or replace function personalization.merge_session(p_session_key text) returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_user uuid := auth.uid();
  v_session uuid := personalization.session_subject(p_session_key);
  v_from personalization.subjects;
  v_to personalization.subjects;
  v_table personalization.subject_tables;
  v_events bigint := 0;
begin
  if v_user is null then
    raise exception 'Cannot merge the session as nobody is signed in whom it could become' using errcode = 'BL403';
  elsif p_session_key is null or length(p_session_key) not between 22 and 200 then
    raise exception 'Cannot merge the session as its key is not known' using errcode = 'BL422', detail = 'x-session-key';
  end if;
  -- The session's row first, then the user's: tracking locks one of them alone, and so never waits crosswise.
  select * into v_from from personalization.subjects where id = v_session for update;
  if v_from.merged_into is not null and v_from.merged_into <> v_user then
    raise exception 'Cannot merge the session as it is somebody else''s by now' using errcode = 'BL409';
  end if;
  insert into personalization.subjects as s (id) values (v_user)
  on conflict (id) do update set version = s.version + case when v_from.id is null or v_from.merged_into is not null then 0 else 1 end
  returning * into v_to;
  if v_from.id is null or v_from.merged_into is not null then
    return jsonb_build_object('isMerged', false, 'events', 0, 'profileVersion', v_to.version);
  end if;

  if v_from.opted_out_at is not null or v_to.opted_out_at is not null then
    -- Either of them wants nothing to be known: it is not carried over, but erased.
    perform personalization.erase_subject(v_session);
  else
    update personalization.interactions set subject_id = v_user where subject_id = v_session;
    get diagnostics v_events = row_count;
    perform personalization.move_learned(v_session, v_user);
    update personalization.shown_lists set subject_id = v_user where subject_id = v_session;
    for v_table in select * from personalization.subject_tables where is_erased order by table_schema, table_name loop
      perform personalization.move_rows(v_table, v_session, v_user);
    end loop;
    update personalization.subjects set last_event_at = greatest(last_event_at, v_from.last_event_at),
      muted_traits = (array(select distinct trait from unnest(muted_traits || v_from.muted_traits) muted(trait) order by 1))[1 : 200]
    where id = v_user;
  end if;
  -- The last thing it did: upkeep forgets that it is over by how long ago that is.
  update personalization.subjects set merged_into = v_user, version = version + 1, muted_traits = '{}',
    last_event_at = clock_timestamp()
  where id = v_session;
  return jsonb_build_object('isMerged', true, 'events', v_events, 'profileVersion', v_to.version);
end;
$$;
revoke execute on function personalization.merge_session(text) from public;
grant execute on function personalization.merge_session(text) to authenticated;
comment on function personalization.merge_session(text) is 'Makes what a session did and taught the signed-in user''s, once.';
