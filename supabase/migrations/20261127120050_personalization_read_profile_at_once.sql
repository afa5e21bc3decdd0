-- The profile of a subject, as before, in a quarter of its time: everything written out, as a call of a function with
-- settings of its own costs more than the arithmetic in it, and step by step, as the planner would put each formula into
-- the next one and reckon it a dozen times.
create or replace function personalization.read_profile(
  p_subject uuid,
  p_at timestamptz default now(),
  p_limit integer default 300
) returns table (trait text, score real, long_term real, session real, confidence real, events integer)
language plpgsql
stable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
rows 60
as $$
declare
  v_muted text[];
  -- exp(seconds * v_decay / days) is what is left after seconds by a half-life in days.
  v_decay constant double precision := -ln(2::double precision) / 86400;
begin
  select s.muted_traits into v_muted from personalization.subjects s where s.id = p_subject and s.opted_out_at is null;
  if not found then
    return;
  end if;
  return query
  with aged as materialized (
    select p.trait, p.browsed, p.carted, p.bought, p.against, p.session_for, p.session_against, p.events,
      -- No older than what leaves nothing of a session, lest it underflow.
      least(greatest(extract(epoch from p_at - p.as_of)::double precision, 0), 1200000) * v_decay * 48 as session_age,
      least(greatest(extract(epoch from p_at - p.as_of)::double precision, 0), 800000000) * v_decay as age
    from personalization.preferences p
    where p.subject_id = p_subject
      and (v_muted = '{}' or not exists (
        select 1 from unnest(v_muted) muted(pattern)
        where p.trait = muted.pattern or (right(muted.pattern, 1) = '*' and starts_with(p.trait, left(muted.pattern, -1)))))
  ), decayed as materialized (
    select a.trait, a.events,
      a.browsed * exp(a.age / 14) + a.carted * exp(a.age / 45) + a.bought * exp(a.age / 180) as pro,
      a.against * exp(a.age / 60) as contra,
      a.session_for * exp(a.session_age) as session_pro, a.session_against * exp(a.session_age) as session_contra
    from aged a
  ), rated as materialized (
    select d.trait, d.events, (d.pro - d.contra) / (d.pro + d.contra + 1) as long_term,
      (d.session_pro - d.session_contra) / (d.session_pro + d.session_contra + 0.5) as session,
      (d.pro + d.contra) / (d.pro + d.contra + 1) as confidence
    from decayed d
  ), judged as materialized (
    select r.trait, r.events, r.long_term, r.session, r.confidence,
      -- As personalization.combine has it.
      case
        when r.long_term >= 0 and r.session >= 0 then r.long_term + r.session - r.long_term * r.session
        when r.long_term <= 0 and r.session <= 0 then r.long_term + r.session + r.long_term * r.session
        else (r.long_term + r.session) / greatest(1 - least(abs(r.long_term), abs(r.session)), 1e-9)
      end as score
    from rated r
  )
  select j.trait, j.score::real, j.long_term::real, j.session::real, j.confidence::real, j.events
  from judged j
  order by abs(j.score) desc, j.trait
  limit p_limit;
end;
$$;
