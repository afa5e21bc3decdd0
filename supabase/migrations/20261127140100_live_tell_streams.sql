-- Tells those who listen: by the outbox always; by NOTIFY those who wait on a connection of their own; by Realtime where the
-- database has it.

create or replace function personalization.after_track(p_subject uuid, p_products uuid[]) returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_payload jsonb;
begin
  select jsonb_build_object('profileVersion', s.version, 'productIds', to_jsonb(p_products[1 : 50])) into v_payload
  from personalization.subjects s where s.id = p_subject;
  insert into live.outbox (subject_id, kind, payload) values (p_subject, 'profile', v_payload);
  perform pg_notify('ballast_live', p_subject::text);
  if to_regprocedure('realtime.send(jsonb, text, text, boolean)') is not null then
    execute 'select realtime.send($1, $2, $3, true)' using v_payload, 'profile', 'subject:' || p_subject;
  end if;
end;
$$;

-- Follows the caller's own subject: says that the stream is there, and gives what came after an id. Streams are heard of at
-- least every 20 seconds and forgotten after 45.
create function live.follow(p_session_key text, p_stream uuid, p_after bigint) returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_subject uuid := personalization.caller_subject(p_session_key);
  v_state text;
  v_version bigint;
  v_after bigint := p_after;
  v_is_stale boolean := false;
  v_events jsonb;
  v_last bigint;
begin
  if v_subject is null then
    raise exception 'Cannot follow as it is not known whose changes: sign in, or send a session key'
      using errcode = 'BL422', detail = 'x-session-key';
  end if;
  insert into live.listeners as kept (subject_id, stream_id, until)
  values (v_subject, p_stream, now() + interval '45 seconds')
  on conflict (subject_id, stream_id) do update set until = excluded.until where kept.until < now() + interval '25 seconds';
  select case when s.opted_out_at is not null then 'opted_out' when s.merged_into is not null then 'session_is_over' else 'open' end,
    s.version into v_state, v_version
  from personalization.subjects s where s.id = v_subject;
  select h.purged_to > v_after into v_is_stale from live.outbox_horizon h;
  if v_after is null or v_is_stale then
    select coalesce(max(o.id), greatest(v_after, 0)) into v_after from live.outbox o where o.subject_id = v_subject;
    v_after := greatest(v_after, (select h.purged_to from live.outbox_horizon h));
  end if;
  select jsonb_agg(jsonb_build_object('id', told.id, 'payload', told.payload) order by told.id), max(told.id)
  into v_events, v_last
  from (select o.id, o.payload from live.outbox o where o.subject_id = v_subject and o.id > v_after order by o.id limit 200) told;
  return jsonb_build_object('subject', v_subject, 'state', coalesce(v_state, 'open'), 'profileVersion', coalesce(v_version, 0),
    'lastId', coalesce(v_last, v_after), 'isStale', coalesce(v_is_stale, false), 'events', coalesce(v_events, '[]'));
end;
$$;
revoke execute on function live.follow(text, uuid, bigint) from public;
grant execute on function live.follow(text, uuid, bigint) to anon, authenticated, service_role;
comment on function live.follow(text, uuid, bigint) is 'What came for the caller after an id; the stream is heard of.';

create function live.unfollow(p_session_key text, p_stream uuid) returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  delete from live.listeners l where l.stream_id = p_stream and l.subject_id = personalization.caller_subject(p_session_key);
end;
$$;
revoke execute on function live.unfollow(text, uuid) from public;
grant execute on function live.unfollow(text, uuid) to anon, authenticated, service_role;
comment on function live.unfollow(text, uuid) is 'The stream has ended.';

-- Where the database has Realtime: a private topic a user, which that user alone may join.
do $$
begin
  if to_regclass('realtime.messages') is not null and to_regprocedure('realtime.topic()') is not null then
    execute 'create policy subjects_hear_of_themselves on realtime.messages for select to authenticated
      using (realtime.topic() = ''subject:'' || (select auth.uid())::text)';
  end if;
end;
$$;
