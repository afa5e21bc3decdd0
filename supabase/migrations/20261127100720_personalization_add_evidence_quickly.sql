-- Adding evidence is most of what a click costs. The same sums, without a subquery a row, with seconds as doubles instead of numerics,
-- and without a sort: the subject's row is locked, so nobody else has its traits in another order.
create or replace function personalization.add_evidence(
  p_subject uuid,
  p_signal text,
  p_strength real,
  p_at timestamptz,
  p_traits text[],
  p_weights real[]
) returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_for double precision := greatest(p_strength, 0);
  v_against double precision := greatest(-p_strength, 0);
  v_bought double precision := 0;
  v_carted double precision := 0;
  v_browsed double precision := 0;
begin
  if p_strength = 0 then
    return;
  end if;
  case
    when p_signal in ('purchase', 'repeat_purchase', 'bulk_purchase', 'subscription') then v_bought := v_for;
    when p_signal in ('add_to_cart', 'quantity_increase', 'save_for_later') then v_carted := v_for;
    else v_browsed := v_for;
  end case;
  -- What is kept ages by the time that the event is younger, the event by the time that it is older.
  insert into personalization.preferences as kept
    (subject_id, trait, browsed, carted, bought, against, session_for, session_against, as_of)
  select p_subject, said.trait, v_browsed * said.weight, v_carted * said.weight, v_bought * said.weight, v_against * said.weight,
    v_for * said.weight, v_against * said.weight, p_at
  from unnest(p_traits, p_weights) said(trait, weight)
  where said.weight > 0
  on conflict (subject_id, trait) do update set
    browsed = kept.browsed * exp(-5.7303834371643521e-07 * greatest(date_part('epoch', excluded.as_of - kept.as_of), 0))
      + excluded.browsed * exp(-5.7303834371643521e-07 * greatest(date_part('epoch', kept.as_of - excluded.as_of), 0)),
    carted = kept.carted * exp(-1.7827859582291667e-07 * greatest(date_part('epoch', excluded.as_of - kept.as_of), 0))
      + excluded.carted * exp(-1.7827859582291667e-07 * greatest(date_part('epoch', kept.as_of - excluded.as_of), 0)),
    bought = kept.bought * exp(-4.4569648955787036e-08 * greatest(date_part('epoch', excluded.as_of - kept.as_of), 0))
      + excluded.bought * exp(-4.4569648955787036e-08 * greatest(date_part('epoch', kept.as_of - excluded.as_of), 0)),
    against = kept.against * exp(-1.3370894686689816e-07 * greatest(date_part('epoch', excluded.as_of - kept.as_of), 0))
      + excluded.against * exp(-1.3370894686689816e-07 * greatest(date_part('epoch', kept.as_of - excluded.as_of), 0)),
    session_for = kept.session_for * exp(-least(0.00038508176697800927 * greatest(date_part('epoch', excluded.as_of - kept.as_of), 0), 700))
      + excluded.session_for * exp(-least(0.00038508176697800927 * greatest(date_part('epoch', kept.as_of - excluded.as_of), 0), 700)),
    session_against = kept.session_against * exp(-least(0.00038508176697800927 * greatest(date_part('epoch', excluded.as_of - kept.as_of), 0), 700))
      + excluded.session_against * exp(-least(0.00038508176697800927 * greatest(date_part('epoch', kept.as_of - excluded.as_of), 0), 700)),
    as_of = greatest(kept.as_of, excluded.as_of),
    events = kept.events + 1;
end;
$$;

-- As before; events are picked by their place, as most calls bring one, for which a query to list them is more than it is worth.
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
  for v_place in 0 .. jsonb_array_length(p_events) - 1 loop
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
  end if;
  if exists (select 1 from live.listeners l where l.subject_id = v_subject and l.until > v_now) then
    perform personalization.after_track(v_subject,
      array(select (value ->> 'productId')::uuid from jsonb_array_elements(p_events) where value ? 'productId'));
  end if;
  return jsonb_build_object('profileVersion', v_version, 'results', to_jsonb(v_results));
end;
$$;
