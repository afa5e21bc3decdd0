-- Tracking, with what erasure and single events ask of it: what a shopper had erased does not come back with an event that was
-- still on its way, and an event that is alone and cannot count leaves nothing behind, not even the subject's row.
alter table personalization.subjects add column forgotten_at timestamptz;
comment on column personalization.subjects.forgotten_at is 'When the subject had everything erased: events from before are ignored.';

-- A running mean that a replay must come to as well: nine digits of it, not seven.
alter table personalization.habits alter column usual_quantity type double precision;

create or replace function personalization.track(p_session_key text, p_events jsonb) returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_subject uuid := personalization.caller_subject(p_session_key);
  v_now timestamptz := clock_timestamp();
  v_opted_out timestamptz;
  v_merged_into uuid;
  v_forgotten timestamptz;
  v_version bigint;
  v_event jsonb;
  v_result text;
  v_results text[] := '{}';
begin
  if v_subject is null then
    raise exception 'Cannot track as it is not known whose events these are: sign in, or send a session key'
      using errcode = 'BL422', detail = 'x-session-key';
  end if;
  -- The subject's row stays locked: its events are counted one transaction after the other.
  insert into personalization.subjects as s (id, is_session, last_event_at)
  values (v_subject, auth.uid() is null, v_now)
  on conflict (id) do update set version = s.version + 1, last_event_at = excluded.last_event_at
  returning s.opted_out_at, s.merged_into, s.forgotten_at, s.version into v_opted_out, v_merged_into, v_forgotten, v_version;
  for v_event in select value from jsonb_array_elements(p_events) loop
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
  end if;
  if exists (select 1 from live.listeners l where l.subject_id = v_subject and l.until > v_now) then
    perform personalization.after_track(v_subject,
      array(select (value ->> 'productId')::uuid from jsonb_array_elements(p_events) where value ? 'productId'));
  end if;
  return jsonb_build_object('profileVersion', v_version, 'results', to_jsonb(v_results));
end;
$$;
