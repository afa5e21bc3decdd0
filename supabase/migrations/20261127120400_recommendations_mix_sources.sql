-- Which sources a shopper's own row is made of, and which an unknown shopper's.

-- The categories that a profile likes: those that products stand in, as a department says little and has no shelf.
create function recommendations.liked_categories(p_traits text[], p_scores real[], p_limit integer)
returns table (id uuid, parent_id uuid, trait text, score real)
language plpgsql
stable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
rows 6
as $$
begin
  return query
  select c.id, c.parent_id, liked.trait, liked.score
  from unnest(p_traits, p_scores) liked(trait, score)
  join public.categories c on c.slug = substr(liked.trait, 10)
  where starts_with(liked.trait, 'category:') and liked.score > 0.02
    and exists (select 1 from recommendations.shelves s where s.category_id = c.id)
  order by liked.score desc, liked.trait limit p_limit;
end;
$$;
revoke execute on function recommendations.liked_categories(text[], real[], integer) from public;
comment on function recommendations.liked_categories(text[], real[], integer) is 'The categories that a profile likes, most liked first.';

-- Pairs of a liked attribute and a liked category, or the one above it: who chose plant-based milk is shown plant-based
-- yogurt. A set is a text with blanks.
create function recommendations.liked_pairs(p_traits text[], p_scores real[])
returns table (traits text, strength real, because text)
language plpgsql
stable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
rows 6
as $$
begin
  return query
  with attributes as (
    select l.trait, l.score, row_number() over (order by l.score desc, l.trait) as place
    from unnest(p_traits, p_scores) l(trait, score)
    where starts_with(l.trait, 'attribute:') and l.score > 0.05
    order by l.score desc, l.trait limit 2
  ), categories as (
    select c.trait, c.parent_id, c.score, row_number() over (order by c.score desc, c.trait) as place
    from recommendations.liked_categories(p_traits, p_scores, 2) c
  ), places as (
    select c.trait, c.score, c.place from categories c
    union all
    select 'category:' || parent.slug, c.score * 0.7, 2 from categories c join public.categories parent on parent.id = c.parent_id
    where c.place = 1 and not exists (select 1 from categories known where known.trait = 'category:' || parent.slug)
  )
  select a.trait || ' ' || c.trait, (a.score + c.score - a.score * c.score)::real, a.trait
  from attributes a join places c on a.place + c.place <= 3
  order by a.place + c.place, a.place, c.trait;
end;
$$;
revoke execute on function recommendations.liked_pairs(text[], real[]) from public;
comment on function recommendations.liked_pairs(text[], real[]) is 'Pairs of a liked attribute and a liked category.';

-- Candidates for the shopper. Everybody gets what is popular and in season besides, so that no row stays short.
create function recommendations.find_for_you(
  p_subject uuid, p_traits text[], p_scores real[], p_at timestamptz, p_month integer, p_without uuid[], p_vendor uuid,
  p_limit integer
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
  -- Who is not known yet sees what others want, up to the longest row there is.
  return query select * from recommendations.from_popular(
    p_without, p_vendor, case when cardinality(v_seeds) > 0 and v_categories is not null then v_some else 2 * v_some end);
  if p_vendor is null then
    return query select * from recommendations.from_season(p_month, p_without, v_some / 3);
  end if;
end;
$$;
revoke execute on function recommendations.find_for_you(uuid, text[], real[], timestamptz, integer, uuid[], uuid, integer) from public;
comment on function recommendations.find_for_you(uuid, text[], real[], timestamptz, integer, uuid[], uuid, integer) is
  'Candidates for a shopper, or for anybody.';

-- What could stand in for a product: what the model puts near it, its category, and what shares its attributes in the
-- wider category.
create function recommendations.find_similar(p_product uuid, p_without uuid[], p_vendor uuid)
returns setof recommendations.candidate
language plpgsql
stable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
rows 120
as $$
declare
  v_category uuid;
  v_traits text[];
  v_sets text[];
begin
  return query select * from recommendations.from_model(array[p_product], array[1::real], p_without, p_vendor, 40);
  select p.category_id, coalesce(t.traits, '{}') into v_category, v_traits
  from public.products p left join personalization.product_traits t on t.product_id = p.id where p.id = p_product;
  return query
  select * from recommendations.from_categories(
    'similar', array[v_category], array[1::real], array[p_product::text], p_without, p_vendor, 60);
  select array_agg(a.trait || ' category:' || parent.slug) into v_sets
  from public.categories c
  join public.categories parent on parent.id = c.parent_id
  cross join (select trait from unnest(v_traits) trait where starts_with(trait, 'attribute:') order by trait limit 3) a
  where c.id = v_category;
  if v_sets is not null then
    return query
    select * from recommendations.from_traits(
      'similar', v_sets, array_fill(0.6::real, array[cardinality(v_sets)]),
      array_fill(p_product::text, array[cardinality(v_sets)]), p_without, p_vendor, 15);
  end if;
end;
$$;
revoke execute on function recommendations.find_similar(uuid, uuid[], uuid) from public;
comment on function recommendations.find_similar(uuid, uuid[], uuid) is 'What could stand in for a product.';

-- What goes along with products: what is bought with them; where nobody has done so yet, what the model puts near them.
create function recommendations.find_company(p_products uuid[], p_without uuid[], p_vendor uuid)
returns setof recommendations.candidate
language plpgsql
stable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
rows 100
as $$
declare
  v_ones real[] := array_fill(1::real, array[cardinality(p_products)]);
  v_found integer;
  v_more integer := 0;
begin
  return query select * from recommendations.from_company(p_products, v_ones, p_without, p_vendor, 60);
  get diagnostics v_found = row_count;
  if v_found < 10 then
    return query select * from recommendations.from_orders(p_products, p_without, p_vendor, 30);
    get diagnostics v_more = row_count;
  end if;
  if v_found + v_more < 30 then
    return query select * from recommendations.from_model(p_products, v_ones, p_without, p_vendor, 30);
  end if;
end;
$$;
revoke execute on function recommendations.find_company(uuid[], uuid[], uuid) from public;
comment on function recommendations.find_company(uuid[], uuid[], uuid) is 'What goes along with products.';

-- What the shopper has not met yet: categories beside those they like, some far from them, and other vendors' products in
-- those they like. p_seed decides which: the same all day, another tomorrow.
create function recommendations.find_unmet(
  p_seed text, p_traits text[], p_scores real[], p_without uuid[], p_vendor uuid
) returns setof recommendations.candidate
language plpgsql
stable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
rows 150
as $$
declare
  v_liked uuid[];
  v_parents uuid[];
  v_categories uuid[];
  v_strengths real[];
begin
  select coalesce(array_agg(c.id), '{}'), coalesce(array_agg(distinct c.parent_id), '{}') into v_liked, v_parents
  from recommendations.liked_categories(p_traits, p_scores, 12) c;
  select array_agg(novel.id), array_agg(novel.strength) into v_categories, v_strengths
  from (
    select c.id, case when c.parent_id = any (v_parents) then 1 else 0.6 end::real as strength
    from public.categories c
    where ('category:' || c.slug) <> all (p_traits)
      and not exists (select 1 from public.categories child where child.parent_id = c.id)
    order by case when c.parent_id = any (v_parents) then 0 else 1 end, md5(p_seed || c.id::text)
    limit 14
  ) novel;
  if v_categories is not null then
    return query
    select * from recommendations.from_categories(
      'discovery', v_categories, v_strengths, array_fill(null::text, array[cardinality(v_categories)]), p_without, p_vendor, 8);
  end if;
  if cardinality(v_liked) > 0 then
    return query
    select found.product_id, found.source, found.strength, found.because
    from recommendations.from_categories(
      'discovery', v_liked[1:4], array[0.7, 0.7, 0.7, 0.7]::real[], array_fill(null::text, array[4]), p_without, p_vendor, 25) found
    join recommendations.shelves shelf on shelf.product_id = found.product_id
    where ('vendor:' || shelf.vendor_id) <> all (p_traits);
  end if;
  return query select * from recommendations.from_popular(p_without, p_vendor, 20);
end;
$$;
revoke execute on function recommendations.find_unmet(text, text[], real[], uuid[], uuid) from public;
comment on function recommendations.find_unmet(text, text[], real[], uuid[], uuid) is 'What a shopper has not met yet.';
