-- What a subject is likely to want at this moment, more or less than they do anyway: what is known of them at such a moment, and as
-- far as that is little, what is known of those of their taste, else of those who shop like them, else of everybody. Eight events
-- count as much as the others do. What goes up at one moment and down at another of them is between both; what two moments say alike
-- counts once, as breakfasts are mornings. Only everybody's for nobody known and those who opted out; nothing of muted categories.
create function personalization.moment_tastes(p_subject uuid, p_moments text[])
returns table (category_id uuid, pull real, moment text, is_own boolean)
language plpgsql
stable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
rows 20
as $$
declare
  v_segments text[];
  v_muted text[];
begin
  if coalesce(cardinality(p_moments), 0) = 0 then
    return;
  end if;
  if p_subject is not null then
    select s.muted_traits, array['taste:' || g.taste, 'behaviour:' || g.behaviour, 'everyone'] into v_muted, v_segments
    from personalization.subjects s left join personalization.segments g on g.subject_id = s.id
    where s.id = p_subject and s.opted_out_at is null and s.merged_into is null;
    if not found then
      p_subject := null;
    end if;
  end if;
  return query
  with own as materialized (
    select t.moment, t.category_id, t.pull, t.events
    from personalization.moment_patterns t where t.subject_id = p_subject and t.moment = any (p_moments)
  ), sure as materialized (
    select o.moment, max(o.events) / (max(o.events) + 8.0::real) as share from own o group by o.moment
  ), others as materialized (
    select o.moment, o.category_id, o.pull * (1 - coalesce(s.share, 0)) as pull
    from (
      select t.moment, t.category_id, t.pull, g.distance, min(g.distance) over (partition by t.moment) as closest
      from unnest(coalesce(v_segments, array['everyone'])) with ordinality g(segment, distance)
      join personalization.segment_moment_patterns t on t.segment = g.segment and t.moment = any (p_moments)
    ) o
    left join sure s on s.moment = o.moment
    where o.distance = o.closest
  ), said as materialized (
    select coalesce(o.moment, t.moment) as moment, coalesce(o.category_id, t.category_id) as category_id,
      greatest(least(coalesce(o.pull, 0) + coalesce(t.pull, 0), 1), -1) as pull,
      abs(coalesce(o.pull, 0)) >= abs(coalesce(t.pull, 0)) as is_own
    from own o full join others t on t.moment = o.moment and t.category_id = o.category_id
  ), pulled as materialized (
    select s.category_id, (greatest(max(s.pull), 0) + least(min(s.pull), 0))::real as pull from said s group by s.category_id
  )
  select distinct on (p.category_id) p.category_id, p.pull, s.moment, s.is_own
  from pulled p join said s on s.category_id = p.category_id
  where abs(p.pull) >= 0.05 and (coalesce(v_muted, '{}') = '{}' or not exists (
    select 1 from public.categories c cross join lateral unnest(v_muted) m(pattern)
    where c.id = p.category_id and ('category:' || c.slug = m.pattern
      or (right(m.pattern, 1) = '*' and starts_with('category:' || c.slug, left(m.pattern, -1))))))
  order by p.category_id, s.pull * p.pull desc, s.moment desc;
end;
$$;
revoke execute on function personalization.moment_tastes(uuid, text[]) from public;
grant execute on function personalization.moment_tastes(uuid, text[]) to service_role;
comment on function personalization.moment_tastes(uuid, text[]) is
  'What a subject is likely to want more, or less, at this moment than they do anyway.';

-- The same of the caller, for whoever asks beside something else: rows of category, pull, moment, and whether it is their own.
create function personalization.caller_moments(p_session_key text, p_moments text[]) returns json
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(json_agg(json_build_array(t.category_id, t.pull, t.moment, t.is_own)), '[]')
  from personalization.moment_tastes(personalization.caller_subject(p_session_key), p_moments[1:8]) t;
$$;
revoke execute on function personalization.caller_moments(text, text[]) from public;
grant execute on function personalization.caller_moments(text, text[]) to anon, authenticated, service_role;
comment on function personalization.caller_moments(text, text[]) is 'What the caller is likely to want at this moment.';
