-- What a subject is likely to want at this moment, more or less than they do anyway: what is known of them at such a moment, else of
-- those of their taste, else of those who shop like them, else of everybody. What goes up at one moment and down at another of them
-- is both; what two moments say alike counts once, as breakfasts are mornings. Nobody in particular for nobody known and those who
-- opted out; nothing of categories that are muted.
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
  with known as materialized (
    select 0 as distance, t.moment, t.category_id, t.pull
    from personalization.moment_patterns t where t.subject_id = p_subject and t.moment = any (p_moments)
    union all
    select s.distance::integer, t.moment, t.category_id, t.pull
    from unnest(coalesce(v_segments, array['everyone'])) with ordinality s(segment, distance)
    join personalization.segment_moment_patterns t on t.segment = s.segment and t.moment = any (p_moments)
  ), nearest as materialized (
    select n.distance, n.moment, n.category_id, n.pull
    from (select k.*, min(k.distance) over (partition by k.moment) as closest from known k) n
    where n.distance = n.closest and n.pull <> 0
  ), pulled as materialized (
    select n.category_id, (greatest(max(n.pull), 0) + least(min(n.pull), 0))::real as pull from nearest n group by n.category_id
  )
  select distinct on (p.category_id) p.category_id, p.pull, n.moment, n.distance = 0
  from pulled p join nearest n on n.category_id = p.category_id
  where abs(p.pull) >= 0.05 and (coalesce(v_muted, '{}') = '{}' or not exists (
    select 1 from public.categories c cross join lateral unnest(v_muted) m(pattern)
    where c.id = p.category_id and ('category:' || c.slug = m.pattern
      or (right(m.pattern, 1) = '*' and starts_with('category:' || c.slug, left(m.pattern, -1))))))
  order by p.category_id, n.pull * p.pull desc, n.moment desc;
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
