-- What one caller may make others pay for. Five hundred events at once cost what five hundred calls would, so they are counted; and
-- of the sessions that one address begins, those beyond thirty an hour are doubted: they are served, and change nothing for others.

alter table personalization.subjects add column deleted_at timestamptz;
comment on column personalization.subjects.deleted_at is 'The account is gone; a token that still holds teaches nothing.';
create index deleted_subjects on personalization.subjects (deleted_at) where deleted_at is not null;

drop function personalization.track(text, jsonb);
-- What a shopper had erased does not come back with an event that was still on its way, and an event that is alone and cannot
-- count leaves nothing behind, not even the subject's row. Events are picked by their place, as most calls bring one, for which
-- a query to list them is more than it is worth.
-- p_scope: whose events are counted together; null: nobody counts.
create function personalization.track(p_session_key text, p_events jsonb, p_scope text default null) returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_subject uuid := personalization.caller_subject(p_session_key);
  v_now timestamptz := clock_timestamp();
  v_count integer := jsonb_array_length(p_events);
  v_lease record;
  v_opted_out timestamptz;
  v_merged_into uuid;
  v_forgotten timestamptz;
  v_is_judged boolean;
  v_version bigint;
  v_event jsonb;
  v_result text;
  v_results text[] := '{}';
begin
  if v_subject is null then
    raise exception 'Cannot track as it is not known whose events these are: sign in, or send a session key'
      using errcode = 'BL422', detail = 'x-session-key';
  end if;
  if v_count > 1 and p_scope is not null then
    select * into v_lease from resilience.lease_tokens('events ' || p_scope, 6000, 60000, v_count);
    if v_lease.granted < v_count then
      -- What was taken goes back as this is undone.
      raise exception 'Cannot track % events at once as the limit of 6000 events a minute is used up', v_count
        using errcode = 'BL429', detail = (v_count - v_lease.granted) * 10;
    end if;
  end if;
  -- The subject's row stays locked: its events are counted one transaction after the other. Most are known: an upsert
  -- would look for the row, lock it and write that down before it changes it. When the last event was is told by the day: an
  -- index knows it, and a row is changed in place where nothing of it that an index knows has changed.
  loop
    update personalization.subjects s set version = s.version + 1,
      last_event_at = case when s.last_event_at > v_now - interval '1 day' then s.last_event_at else v_now end
    where s.id = v_subject
    returning coalesce(s.deleted_at, s.opted_out_at), s.merged_into, s.forgotten_at, s.version,
      s.is_doubted is not null or not s.is_session
    into v_opted_out, v_merged_into, v_forgotten, v_version, v_is_judged;
    exit when found;
    insert into personalization.subjects as s (id, is_session, last_event_at) values (v_subject, auth.uid() is null, v_now)
    on conflict (id) do nothing returning s.version, not s.is_session into v_version, v_is_judged;
    exit when found;
  end loop;
  for v_place in 0 .. v_count - 1 loop
    v_event := p_events -> v_place;
    v_result := case
      when v_opted_out is not null then 'opted_out'
      when v_merged_into is not null then 'session_is_over'
      when v_forgotten is not null and (v_event ->> 'occurredAt')::timestamptz <= v_forgotten then 'forgotten'
      else personalization.track_event(v_subject, v_event, v_now)
    end;
    v_results := v_results || v_result;
  end loop;
  if cardinality(v_results) = 1 and v_version = 1 and v_result in ('in_the_future', 'too_old', 'unknown_product') then
    delete from personalization.subjects where id = v_subject;
  elsif not v_is_judged and p_scope is not null then
    -- Once a session.
    update personalization.subjects set is_doubted = (
      select l.granted = 0 from resilience.lease_tokens('sessions ' || p_scope, 30, 3600000, 1) l)
    where id = v_subject;
  end if;
  if exists (select 1 from live.listeners l where l.subject_id = v_subject and l.until > v_now) then
    perform personalization.after_track(v_subject,
      array(select (value ->> 'productId')::uuid from jsonb_array_elements(p_events) where value ? 'productId'));
  end if;
  return jsonb_build_object('profileVersion', v_version, 'results', to_jsonb(v_results));
end;
$$;
revoke execute on function personalization.track(text, jsonb, text) from public;
grant execute on function personalization.track(text, jsonb, text) to anon, authenticated, service_role;
comment on function personalization.track(text, jsonb, text) is 'Stores what the caller did and learns from it; each event once.';

-- An account that is deleted takes its profile along, and the sessions that became it. Its tokens hold for a while yet: that it is
-- gone is kept for as long, and a month.
create or replace function personalization.forget_deleted_user() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  -- Sessions first, as in merging.
  perform 1 from personalization.subjects where merged_into = old.id order by id for update;
  perform 1 from personalization.subjects where id = old.id for update;
  perform personalization.erase_subject(old.id);
  delete from personalization.subjects where id = old.id or merged_into = old.id;
  insert into personalization.subjects (id, deleted_at) values (old.id, clock_timestamp());
  return null;
end;
$$;
revoke execute on function personalization.forget_deleted_user() from public;

-- A list belongs to whom it was shown, whether or not anything has been learned of them by then: feedback on it is theirs alone,
-- and what they click is theirs to learn from. Who opted out, or is over or gone, leaves no trace in it.
create or replace function personalization.note_list(
  p_session_key text,
  p_list_id uuid,
  p_source text,
  p_kind text,
  p_query text,
  p_product_ids uuid[],
  p_made_by jsonb
) returns void
language sql
volatile
security definer
set search_path = ''
as $$
  insert into personalization.shown_lists (id, subject_id, source, kind, query, product_ids, made_by)
  select p_list_id, case when coalesce(s.opted_out_at, s.deleted_at) is null and s.merged_into is null then caller.id end,
    p_source, p_kind, p_query, p_product_ids, p_made_by
  from (select personalization.caller_subject(p_session_key)) caller(id)
  left join personalization.subjects s on s.id = caller.id
  on conflict (id) do nothing;
$$;
revoke execute on function personalization.note_list(text, uuid, text, text, text, uuid[], jsonb) from public;
grant execute on function personalization.note_list(text, uuid, text, text, text, uuid[], jsonb) to anon, authenticated, service_role;
comment on function personalization.note_list(text, uuid, text, text, text, uuid[], jsonb) is
  'Remembers a list that the caller was shown.';
