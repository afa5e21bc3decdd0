-- Everything a request needs, in one call and one round trip: whom it is for, what is known of them, and candidates with
-- what scoring needs. Scores and sentences are made outside; cards are fetched for the chosen few.

-- Products that are not to be shown: named ones, dismissed ones and, where it is asked for, what was bought before.
create function recommendations.unwanted_by(p_subject uuid, p_named uuid[], p_has_bought boolean) returns uuid[]
language plpgsql
stable
set search_path = ''
as $$
declare
  v_without uuid[] := p_named;
begin
  if p_subject is null then
    return v_without;
  end if;
  v_without := v_without || array(
    select d.product_id from recommendations.dismissals d where d.subject_id = p_subject order by d.created_at desc limit 2000);
  if p_has_bought then
    v_without := v_without || array(select h.product_id from personalization.habits h where h.subject_id = p_subject) || array(
      select i.product_id
      from (
        select o.id from public.orders o where o.customer_id = p_subject and o.status <> 'cancelled'
        order by o.placed_at desc limit 1000
      ) o
      join public.order_items i on i.order_id = o.id);
  end if;
  return v_without;
end;
$$;
revoke execute on function recommendations.unwanted_by(uuid, uuid[], boolean) from public;
comment on function recommendations.unwanted_by(uuid, uuid[], boolean) is 'Products that are not to be shown to a subject.';

-- How much the subject takes of a product at a time; of one they never bought, how much of the like of it: the same category
-- in the same unit and size, as two of a dozen say nothing of two of a gallon.
create function recommendations.alike_quantity(p_subject uuid, p_product uuid) returns real
language plpgsql
stable
set search_path = ''
as $$
declare
  v_quantity real;
begin
  select h.usual_quantity into v_quantity from personalization.habits h
  where h.subject_id = p_subject and h.product_id = p_product;
  if found then
    return v_quantity;
  end if;
  select (sum(h.usual_quantity * h.purchases) / sum(h.purchases))::real into v_quantity
  from public.products asked
  join personalization.habits h on h.subject_id = p_subject
  join public.products p on p.id = h.product_id and p.category_id = asked.category_id and p.unit = asked.unit
    and p.unit_size = asked.unit_size
  where asked.id = p_product;
  return v_quantity;
end;
$$;
revoke execute on function recommendations.alike_quantity(uuid, uuid) from public;
comment on function recommendations.alike_quantity(uuid, uuid) is 'How much a subject takes of a product, or of the like of it.';

-- The request: kind, limit, productIds, exclude, excludeBought, vendorId, month, hour, and seed,
-- which is the day. Null where kind needs
-- products and there is none of those named.
create function recommendations.gather(p_session_key text, p_request jsonb) returns json
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

  v_found := case v_kind
    when 'for-you' then array(select f from recommendations.find_for_you(
      v_person, v_traits, v_scores, v_at, (p_request ->> 'month')::integer, v_without, v_vendor,
      least((p_request ->> 'limit')::integer, 50)) f)
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
    'moment', case when v_kind = 'for-you' then recommendations.moment_of(v_person, (p_request ->> 'hour')::integer) else '{}' end,
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
revoke execute on function recommendations.gather(text, jsonb) from public;
grant execute on function recommendations.gather(text, jsonb) to anon, authenticated, service_role;
comment on function recommendations.gather(text, jsonb) is 'What a request for recommendations is answered from.';
