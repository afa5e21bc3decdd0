-- A token outlives its account by an hour. What it does by then teaches nothing already; now a session does not become the account,
-- either, and nothing that was about to become it when it was deleted stays.

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
  if v_to.deleted_at is not null then
    raise exception 'Cannot merge the session as the account is gone' using errcode = 'BL403';
  end if;
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

create or replace function personalization.forget_deleted_user() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  -- Whoever makes the row at this moment is waited for, so that what they bring goes, too.
  insert into personalization.subjects (id) values (old.id) on conflict (id) do nothing;
  -- Sessions first, as in merging.
  perform 1 from personalization.subjects where merged_into = old.id order by id for update;
  perform 1 from personalization.subjects where id = old.id for update;
  perform personalization.erase_subject(old.id);
  delete from personalization.subjects where id = old.id or merged_into = old.id;
  insert into personalization.subjects (id, deleted_at) values (old.id, clock_timestamp());
  return null;
end;
$$;
