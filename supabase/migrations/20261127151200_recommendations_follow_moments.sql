-- The shopper's own row follows the moment: what is wanted at such moments is among its candidates, and what is wanted then or
-- not goes with them for scoring.

-- Candidates for the shopper. Everybody gets what is popular and in season besides, so that no row stays short. p_moment are the
-- categories that are wanted more at this moment, by how much, and which moment it is.
drop function recommendations.find_for_you(uuid, text[], real[], timestamptz, integer, uuid[], uuid, integer);
create function recommendations.find_for_you(
  p_subject uuid, p_traits text[], p_scores real[], p_at timestamptz, p_month integer, p_without uuid[], p_vendor uuid,
  p_limit integer, p_moment uuid[], p_pulls real[], p_moments text[]
) returns setof recommendations.candidate
language plpgsql
stable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
rows 200
as $$
declare
  v_seeds uuid[] := '{}';
  v_weights real[] := '{}';
  v_categories uuid[];
  v_strengths real[];
  v_liked text[];
  v_sets text[];
  -- Enough to choose from, and no more: each candidate costs a hundredth of a millisecond.
  v_some integer := least(20 + p_limit, 60);
begin
  if p_subject is not null then
    select l.seeds, l.weights, p_without || l.refused into v_seeds, v_weights, p_without
    from recommendations.lately(p_subject, p_at, 12) l;
    return query select * from recommendations.from_habits(p_subject, p_at, p_without, p_vendor, 8);
    return query select * from recommendations.from_peers(p_subject, p_without, p_vendor, v_some / 3);
  end if;
  if cardinality(v_seeds) > 0 then
    return query select * from recommendations.from_model(v_seeds, v_weights, p_without, p_vendor, v_some);
    return query select * from recommendations.from_company(v_seeds, v_weights, p_without, p_vendor, v_some / 2);
  end if;
  if cardinality(p_traits) > 0 then
    select array_agg(c.id), array_agg(c.score), array_agg(c.trait) into v_categories, v_strengths, v_liked
    from recommendations.liked_categories(p_traits, p_scores, 5) c;
    if v_categories is not null then
      return query
      select * from recommendations.from_categories('taste', v_categories, v_strengths, v_liked, p_without, p_vendor, v_some / 4);
    end if;
    select array_agg(p.traits), array_agg(p.strength), array_agg(p.because) into v_sets, v_strengths, v_liked
    from recommendations.liked_pairs(p_traits, p_scores) p;
    if v_sets is not null then
      return query
      select * from recommendations.from_traits('taste', v_sets, v_strengths, v_liked, p_without, p_vendor, v_some / 4);
    end if;
  end if;
  if cardinality(p_moment) > 0 then
    return query
    select * from recommendations.from_categories('moment', p_moment, p_pulls, p_moments, p_without, p_vendor, v_some / 6);
  end if;
  -- Who is not known yet sees what others want, up to the longest row there is.
  return query select * from recommendations.from_popular(
    p_without, p_vendor, case when cardinality(v_seeds) > 0 and v_categories is not null then v_some else 2 * v_some end);
  if p_vendor is null then
    return query select * from recommendations.from_season(p_month, p_without, v_some / 3);
  end if;
end;
$$;
revoke execute on function recommendations.find_for_you(uuid, text[], real[], timestamptz, integer, uuid[], uuid, integer, uuid[], real[], text[])
  from public;
comment on function recommendations.find_for_you(uuid, text[], real[], timestamptz, integer, uuid[], uuid, integer, uuid[], real[], text[]) is
  'Candidates for a shopper, or for anybody.';

-- The request: kind, limit, productIds, exclude, excludeBought, vendorId, month, moments, and seed, which is the day. Null where
-- kind needs products and there is none of those named.
create or replace function recommendations.gather(p_session_key text, p_request jsonb) returns json
language plpgsql
stable
security definer
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
as $$
declare
  v_kind text := p_request ->> 'kind';
  v_at timestamptz := now();
  v_vendor uuid := (p_request ->> 'vendorId')::uuid;
  v_named uuid[] := array(select jsonb_array_elements_text(coalesce(p_request -> 'productIds', '[]'))::uuid limit 20);
  v_subject uuid := personalization.caller_subject(p_session_key);
  v_person uuid;
  v_version bigint;
  v_is_opted_out boolean := false;
  v_traits text[];
  v_scores real[];
  v_profile json;
  v_without uuid[];
  v_moment json;
  v_wanted uuid[] := '{}';
  v_pulls real[] := '{}';
  v_moments text[] := '{}';
  v_found recommendations.candidate[];
  v_answer json;
begin
  select s.opted_out_at is not null, s.version into v_is_opted_out, v_version
  from personalization.subjects s where s.id = v_subject;
  v_person := case when found and not v_is_opted_out then v_subject end;
  if v_kind in ('similar', 'bought-together', 'quantity') then
    v_named := array(
      select p.id from unnest(v_named) named(id) join public.products p on p.id = named.id
      join public.vendors v on v.id = p.vendor_id
      where p.status = 'active' and v.status = 'active' and (p.expires_at is null or p.expires_at > now()));
    if cardinality(v_named) = 0 then
      return null;
    end if;
  end if;

  select json_agg(json_build_array(p.trait, p.score, p.long_term, p.session, p.confidence, p.events)),
    coalesce(array_agg(p.trait), '{}'), coalesce(array_agg(p.score), '{}')
  into v_profile, v_traits, v_scores
  from personalization.read_profile(v_person, v_at, 120) p;
  v_without := recommendations.unwanted_by(v_subject,
    array(select jsonb_array_elements_text(coalesce(p_request -> 'exclude', '[]'))::uuid limit 200)
      || case when v_kind in ('similar', 'bought-together') then v_named else '{}' end,
    coalesce((p_request ->> 'excludeBought')::boolean, false));

  if v_kind = 'for-you' and jsonb_array_length(p_request -> 'moments') > 0 then
    select json_agg(json_build_array(t.category_id, t.pull, t.moment, t.is_own)),
      (array_agg(t.category_id) filter (where t.pull >= 0.15))[1:4], (array_agg(t.pull) filter (where t.pull >= 0.15))[1:4],
      (array_agg(t.moment) filter (where t.pull >= 0.15))[1:4]
    into v_moment, v_wanted, v_pulls, v_moments
    from (
      select * from personalization.moment_tastes(v_person, array(select jsonb_array_elements_text(p_request -> 'moments') limit 8)) m
      order by m.pull desc, m.category_id
    ) t;
  end if;

  v_found := case v_kind
    when 'for-you' then array(select f from recommendations.find_for_you(
      v_person, v_traits, v_scores, v_at, (p_request ->> 'month')::integer, v_without, v_vendor,
      least((p_request ->> 'limit')::integer, 50), v_wanted, v_pulls, v_moments) f)
    when 'similar' then array(select f from recommendations.find_similar(v_named[1], v_without, v_vendor) f)
    when 'bought-together' then array(select f from recommendations.find_company(v_named, v_without, v_vendor) f)
    when 'reorder' then array(select f from recommendations.lately(v_person, v_at, 1) l
      cross join lateral recommendations.from_habits(v_person, v_at, v_without || l.refused, v_vendor, 60) f)
    when 'quantity' then array(
      select row(s.id, 'habit', 1::real, s.id::text)::recommendations.candidate
      from recommendations.on_sale s
      where s.id = v_named[1] and (v_vendor is null or s.vendor_id = v_vendor) and s.id <> all (v_without)
        and recommendations.alike_quantity(v_person, s.id) is not null)
    when 'discovery' then array(select f from recommendations.find_unmet(
      coalesce(v_subject::text, '') || (p_request ->> 'seed'), v_traits, v_scores, v_without, v_vendor) f)
    when 'trending' then array(
      select f from recommendations.from_trend(v_without, v_vendor, 80) f
      union all select f from recommendations.from_popular(v_without, v_vendor, 40) f)
  end;

  with wanted as (
    select f.product_id, json_agg(json_build_array(f.source, f.strength, f.because) order by f.strength desc, f.source) as found
    from unnest(v_found) f group by f.product_id
  )
  select json_build_object(
    'subject', v_subject,
    'version', v_version,
    'isOptedOut', v_is_opted_out,
    'profile', coalesce(v_profile, '[]'),
    'model', (select m.version from recommendations.item_models m where m.status = 'active'),
    'candidates', coalesce((
      select json_agg(json_build_array(
        w.product_id, p.category_id, p.vendor_id, w.found, t.traits, t.weights, coalesce(s.popularity, 0),
        cardinality(p.season_months) > 0 and (p_request ->> 'month')::smallint = any (p.season_months),
        case when h.product_id is not null then json_build_array(
          h.purchases, h.usual_quantity, h.last_quantity, h.interval_days, extract(epoch from v_at - h.last_bought_at) / 86400) end))
      from wanted w
      join public.products p on p.id = w.product_id
      left join personalization.product_traits t on t.product_id = w.product_id
      left join recommendations.shelves s on s.product_id = w.product_id
      left join personalization.habits h on h.subject_id = v_person and h.product_id = w.product_id
    ), '[]'),
    'moment', coalesce(v_moment, '[]'),
    'unlike', coalesce((
      select json_agg(json_build_array(t.traits, t.weights))
      from (
        select d.product_id from recommendations.dismissals d
        where d.subject_id = v_person and d.action = 'not_interested' order by d.created_at desc limit 20
      ) refused
      join personalization.product_traits t on t.product_id = refused.product_id
    ), '[]'),
    'anchor', case when v_kind = 'similar' then (
      select json_build_array(t.traits, t.weights) from personalization.product_traits t where t.product_id = v_named[1]) end,
    'alikeQuantity', case when v_kind = 'quantity' then recommendations.alike_quantity(v_person, v_named[1]) end,
    'names', coalesce((
      select json_object_agg(p.id, p.name)
      from (select distinct f.because from unnest(v_found) f where f.because not like '%:%') led
      join public.products p on p.id = led.because::uuid and p.status = 'active'
    ), '{}')
  ) into v_answer;
  return v_answer;
end;
$$;

drop function recommendations.moment_of(uuid, integer);
