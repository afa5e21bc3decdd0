-- The same profile, read in two thirds of the time: a shopper who has just clicked is waiting for it. Whoever asks for no
-- traits learns the version without any of that.

-- Traits with what they come from, and habits. A trait's events are counted among the newest 250 of the shopper, and the last
-- one is known by its place among them: no sort a trait.
create or replace function personalization.show_profile(p_session_key text, p_limit integer) returns jsonb
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
    'traits', case when p_limit <= 0 then '[]'::jsonb else coalesce((
      with profile as (
        select p.* from personalization.read_profile(v_subject, now(), p_limit) p
      ), recent as materialized (
        select i.place, i.signal, i.occurred_at, p.name,
          case when i.evidence is null then t.traits else array(select jsonb_object_keys(i.evidence)) end as traits
        from (
          select k.signal, k.occurred_at, k.product_id, k.strength, k.evidence,
            row_number() over (order by k.occurred_at desc) as place
          from personalization.interactions k where k.subject_id = v_subject order by k.occurred_at desc limit 250
        ) i
        join personalization.product_traits t on t.product_id = i.product_id
        join public.products p on p.id = i.product_id
        where i.strength <> 0
      ), counted as (
        select said.trait, recent.signal, count(*)::integer as times, min(recent.place) as last_place
        from recent, unnest(recent.traits) said(trait) where said.trait in (select profile.trait from profile)
        group by said.trait, recent.signal
      ), told as (
        select c.trait, jsonb_agg(jsonb_build_object('signal', c.signal, 'times', c.times,
          'lastAt', to_char(last.occurred_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'lastProduct', last.name)
          order by c.times desc, c.signal) as events
        from counted c join recent last on last.place = c.last_place group by c.trait
      )
      select jsonb_agg(jsonb_build_object('trait', p.trait, 'score', p.score, 'longTerm', p.long_term, 'session', p.session,
        'confidence', p.confidence, 'events', p.events, 'from', coalesce(told.events, '[]'::jsonb))
        order by abs(p.score) desc, p.trait)
      from profile p left join told using (trait)), '[]'::jsonb) end,
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
