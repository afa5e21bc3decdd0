-- Sources that read shelves from the most wanted on. Each looks at a bounded part of its shelf, so that a shelf that is
-- sold out costs no more than a full one.

-- The most wanted of all, or of one vendor.
create function recommendations.from_popular(p_without uuid[], p_vendor uuid, p_limit integer)
returns setof recommendations.candidate
language plpgsql
stable
set search_path = ''
rows 50
as $$
begin
  -- Two statements, as one plan cannot choose its index by what is asked for.
  if p_vendor is not null then
    return query
    select top.product_id, 'popular', (0.1 + 0.9 * top.popularity)::real, null::text
    from (
      select s.product_id, s.popularity from recommendations.shelves s where s.vendor_id = p_vendor
      order by s.popularity desc, s.product_id limit p_limit * 4 + cardinality(p_without)
    ) top
    join recommendations.on_sale s on s.id = top.product_id
    where top.product_id <> all (p_without)
    order by top.popularity desc, top.product_id limit p_limit;
  else
    return query
    select top.product_id, 'popular', (0.1 + 0.9 * top.popularity)::real, null::text
    from (
      select s.product_id, s.popularity from recommendations.shelves s
      order by s.popularity desc, s.product_id limit p_limit * 4 + cardinality(p_without)
    ) top
    join recommendations.on_sale s on s.id = top.product_id
    where top.product_id <> all (p_without)
    order by top.popularity desc, top.product_id limit p_limit;
  end if;
end;
$$;
revoke execute on function recommendations.from_popular(uuid[], uuid, integer) from public;
comment on function recommendations.from_popular(uuid[], uuid, integer) is 'The most wanted products.';

-- What is in season, which says something only of what is not on sale all year.
create function recommendations.from_season(p_month integer, p_without uuid[], p_limit integer)
returns setof recommendations.candidate
language plpgsql
stable
set search_path = ''
rows 30
as $$
begin
  return query
  select top.product_id, 'season', (0.1 + 0.9 * top.popularity)::real, null::text
  from (
    select s.product_id, s.popularity from recommendations.shelves s
    order by s.popularity desc, s.product_id limit 150 + cardinality(p_without)
  ) top
  join recommendations.on_sale s on s.id = top.product_id
  where p_month::smallint = any (s.season_months) and top.product_id <> all (p_without)
  order by top.popularity desc, top.product_id limit p_limit;
end;
$$;
revoke execute on function recommendations.from_season(integer, uuid[], integer) from public;
comment on function recommendations.from_season(integer, uuid[], integer) is 'The most wanted products in season.';

-- What is wanted more than it used to be, of all or among the most wanted of one vendor.
create function recommendations.from_trend(p_without uuid[], p_vendor uuid, p_limit integer)
returns setof recommendations.candidate
language plpgsql
stable
set search_path = ''
rows 50
as $$
begin
  if p_vendor is not null then
    return query
    select top.product_id, 'trending', top.trend, null::text
    from (
      select s.product_id, s.popularity, s.trend from recommendations.shelves s where s.vendor_id = p_vendor
      order by s.popularity desc, s.product_id limit 300 + cardinality(p_without)
    ) top
    join recommendations.on_sale s on s.id = top.product_id
    where top.trend > 0 and top.product_id <> all (p_without)
    order by top.trend desc, top.popularity desc, top.product_id limit p_limit;
  else
    return query
    select top.product_id, 'trending', top.trend, null::text
    from (
      select s.product_id, s.popularity, s.trend from recommendations.shelves s where s.trend > 0
      order by s.trend desc, s.popularity desc, s.product_id limit p_limit * 4 + cardinality(p_without)
    ) top
    join recommendations.on_sale s on s.id = top.product_id
    where top.product_id <> all (p_without)
    order by top.trend desc, top.popularity desc, top.product_id limit p_limit;
  end if;
end;
$$;
revoke execute on function recommendations.from_trend(uuid[], uuid, integer) from public;
comment on function recommendations.from_trend(uuid[], uuid, integer) is 'What is wanted more than it used to be.';

-- The most wanted of each of these categories; the strength is what the category is given.
create function recommendations.from_categories(
  p_source text, p_categories uuid[], p_strengths real[], p_becauses text[], p_without uuid[], p_vendor uuid, p_each integer
) returns setof recommendations.candidate
language plpgsql
stable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
rows 60
as $$
begin
  return query
  select wanted.product_id, p_source, (category.strength * (0.7 + 0.3 * wanted.popularity))::real, category.because
  from unnest(p_categories, p_strengths, p_becauses) category(id, strength, because)
  cross join lateral (
    select top.product_id, top.popularity
    from (
      select s.product_id, s.popularity from recommendations.shelves s where s.category_id = category.id
      order by s.popularity desc, s.product_id limit p_each * 3
    ) top
    join recommendations.on_sale s on s.id = top.product_id and (p_vendor is null or s.vendor_id = p_vendor)
    where top.product_id <> all (p_without)
    order by top.popularity desc, top.product_id limit p_each
  ) wanted;
end;
$$;
revoke execute on function recommendations.from_categories(text, uuid[], real[], text[], uuid[], uuid, integer) from public;
comment on function recommendations.from_categories(text, uuid[], real[], text[], uuid[], uuid, integer) is
  'The most wanted products of categories.';

-- Products that have all traits of one of these sets, a set a text with blanks: an attribute somebody likes in a category
-- they like is a short list, while either of them alone would be thousands.
create function recommendations.from_traits(
  p_source text, p_sets text[], p_strengths real[], p_becauses text[], p_without uuid[], p_vendor uuid, p_each integer
) returns setof recommendations.candidate
language plpgsql
stable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
rows 60
as $$
begin
  return query
  select wanted.product_id, p_source, (liked.strength * (0.7 + 0.3 * wanted.popularity))::real, liked.because
  from unnest(p_sets, p_strengths, p_becauses) liked(traits, strength, because)
  cross join lateral (
    select held.product_id, shelf.popularity
    from (
      select t.product_id from personalization.product_traits t
      where t.traits @> string_to_array(liked.traits || coalesce(' vendor:' || p_vendor, ''), ' ')
      limit p_each * 3
    ) held
    join recommendations.on_sale s on s.id = held.product_id
    join recommendations.shelves shelf on shelf.product_id = held.product_id
    where held.product_id <> all (p_without)
    order by shelf.popularity desc, held.product_id limit p_each
  ) wanted;
end;
$$;
revoke execute on function recommendations.from_traits(text, text[], real[], text[], uuid[], uuid, integer) from public;
comment on function recommendations.from_traits(text, text[], real[], text[], uuid[], uuid, integer) is
  'Products that have all traits of one of these sets.';
