-- What shoppers see of their own profile, and what they decide about it.

-- Traits with what they come from, and habits. A trait's events are counted among the newest 500 of the shopper.
create function personalization.show_profile(p_session_key text, p_limit integer) returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_subject uuid := personalization.caller_subject(p_session_key);
  v_known personalization.subjects;
begin
  select * into v_known from personalization.subjects where id = v_subject;
  return jsonb_build_object(
    'profileVersion', coalesce(v_known.version, 0),
    'isOptedOut', v_known.opted_out_at is not null,
    'mutedTraits', to_jsonb(coalesce(v_known.muted_traits, '{}')),
    'traits', coalesce((
      with profile as (
        select p.* from personalization.read_profile(v_subject, now(), p_limit) p
      ), recent as materialized (
        select i.signal, i.occurred_at, i.product_id, p.name,
          case when i.evidence is null then t.traits else array(select jsonb_object_keys(i.evidence)) end as traits
        from (select * from personalization.interactions where subject_id = v_subject order by occurred_at desc limit 500) i
        join personalization.product_traits t on t.product_id = i.product_id
        join public.products p on p.id = i.product_id
        where i.strength <> 0
      ), counted as (
        select said.trait, recent.signal, count(*)::integer as times, max(recent.occurred_at) as last_at,
          (array_agg(recent.name order by recent.occurred_at desc))[1] as last_product
        from recent, unnest(recent.traits) said(trait) where said.trait in (select profile.trait from profile)
        group by said.trait, recent.signal
      ), told as (
        select c.trait, jsonb_agg(jsonb_build_object('signal', c.signal, 'times', c.times,
          'lastAt', to_char(c.last_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'lastProduct', c.last_product)
          order by c.times desc, c.signal) as events
        from counted c group by c.trait
      )
      select jsonb_agg(jsonb_build_object('trait', p.trait, 'score', p.score, 'longTerm', p.long_term, 'session', p.session,
        'confidence', p.confidence, 'events', p.events, 'from', coalesce(told.events, '[]'::jsonb))
        order by abs(p.score) desc, p.trait)
      from profile p left join told using (trait)), '[]'::jsonb),
    'habits', case when v_known.opted_out_at is not null then '[]'::jsonb else coalesce((
      select jsonb_agg(jsonb_build_object('productId', h.product_id, 'name', h.name, 'purchases', h.purchases,
        'usualQuantity', h.usual_quantity, 'intervalDays', h.interval_days,
        'lastBoughtAt', to_char(h.last_bought_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
        order by h.purchases desc, h.last_bought_at desc)
      from (
        select k.*, p.name from personalization.habits k join public.products p on p.id = k.product_id
        where k.subject_id = v_subject order by k.purchases desc, k.last_bought_at desc limit 50) h), '[]'::jsonb) end);
end;
$$;
revoke execute on function personalization.show_profile(text, integer) from public;
grant execute on function personalization.show_profile(text, integer) to anon, authenticated, service_role;
comment on function personalization.show_profile(text, integer) is 'The caller''s own profile and what it comes from.';

-- Opting out and in, muting and unmuting. Nulls leave things as they are. Takes effect with its commit, everywhere.
create function personalization.decide_privacy(p_session_key text, p_opt_out boolean, p_mute text[], p_unmute text[]) returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_subject uuid := personalization.caller_subject(p_session_key);
  v_known personalization.subjects;
  v_muted text[];
begin
  if v_subject is null then
    raise exception 'Cannot decide as it is not known for whom: sign in, or send a session key'
      using errcode = 'BL422', detail = 'x-session-key';
  end if;
  insert into personalization.subjects as s (id, is_session) values (v_subject, auth.uid() is null)
  on conflict (id) do update set version = s.version + 1
  returning * into v_known;
  v_muted := array(
    select distinct wanted.trait from unnest(v_known.muted_traits || coalesce(p_mute, '{}')) wanted(trait)
    where not wanted.trait = any (coalesce(p_unmute, '{}')) order by 1);
  if cardinality(v_muted) > 200 then
    raise exception 'Cannot mute more than 200 traits: mute a kind of them, such as brand:*' using errcode = 'BL422', detail = 'mute';
  end if;
  update personalization.subjects set muted_traits = v_muted,
    opted_out_at = case p_opt_out when true then coalesce(opted_out_at, now()) when false then null else opted_out_at end
  where id = v_subject
  returning * into v_known;
  return jsonb_build_object('profileVersion', v_known.version, 'isOptedOut', v_known.opted_out_at is not null,
    'mutedTraits', to_jsonb(v_known.muted_traits));
end;
$$;
revoke execute on function personalization.decide_privacy(text, boolean, text[], text[]) from public;
grant execute on function personalization.decide_privacy(text, boolean, text[], text[]) to anon, authenticated, service_role;
comment on function personalization.decide_privacy(text, boolean, text[], text[]) is 'What the caller lets be learned of themselves, and used.';
