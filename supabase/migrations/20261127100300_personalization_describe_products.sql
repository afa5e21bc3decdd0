-- Traits of products, and how much each says of whoever wants it: an attribute somebody has ticked the most, one that was inferred a
-- little less, then the brand and the category, weakly the vendor, the categories above, and the price beside its category.

-- Between which prices a category's middle third lies.
create table personalization.price_bands (
  category_id uuid primary key references public.categories (id) on delete cascade,
  low_below numeric(10, 2) not null,
  high_from numeric(10, 2) not null,
  updated_at timestamptz not null default now(),
  constraint band_is_not_upside_down check (low_below <= high_from)
);
alter table personalization.price_bands enable row level security;
revoke all on personalization.price_bands from public, anon, authenticated;
grant select, insert, update, delete on personalization.price_bands to service_role;
comment on table personalization.price_bands is 'What is cheap and what is dear in a category.';

-- Writes the traits of products; null: of all. Those that have not changed are left alone.
create function personalization.describe_products(p_products uuid[]) returns integer
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_written integer;
begin
  with recursive paths as (
    select c.id, c.parent_id, c.slug, 0 as height from public.categories c
    union all
    select path.id, above.parent_id, above.slug, path.height + 1
    from paths path join public.categories above on above.id = path.parent_id
    where path.height < 10
  ), chosen as materialized (
    select p.id, p.vendor_id, p.category_id, p.brand, p.attributes, p.price, lower(p.name) as name
    from public.products p where p_products is null or p.id = any (p_products)
  ), said as (
    select c.id, 'attribute:' || left(trim(both '-' from regexp_replace(lower(given), '[^a-z0-9]+', '-', 'g')), 100) as trait,
      1.0::real as weight
    from chosen c, unnest(c.attributes) given where given ~* '[a-z0-9]'
    union all
    select c.id, 'attribute:' || rule.attribute, 0.8
    from chosen c
    join personalization.attribute_rules rule on rule.implied_by && c.attributes
      or (c.name ~ rule.name_pattern and (rule.unless_pattern is null or c.name !~ rule.unless_pattern))
    union all
    select c.id, 'brand:' || case when c.brand ~* '[a-z0-9]'
        then left(trim(both '-' from regexp_replace(lower(c.brand), '[^a-z0-9]+', '-', 'g')), 100)
        else md5(c.brand) end, 0.6
    from chosen c where c.brand is not null
    union all
    select c.id, 'category:' || path.slug, case path.height when 0 then 0.6 when 1 then 0.25 else 0.15 end
    from chosen c join paths path on path.id = c.category_id
    union all
    select c.id, 'vendor:' || c.vendor_id, 0.3 from chosen c
    union all
    select c.id, 'price:' || case when c.price < band.low_below then 'low' when c.price >= band.high_from then 'high' else 'mid' end,
      0.2
    from chosen c join personalization.price_bands band on band.category_id = c.category_id
  ), ranked as (
    select s.id, s.trait, max(s.weight) as weight, row_number() over (partition by s.id order by max(s.weight) desc, s.trait) as place
    from said s group by s.id, s.trait
  ), described as (
    select r.id, array_agg(r.trait order by r.place) as traits, array_agg(r.weight order by r.place) as weights
    from ranked r where r.place <= 24 group by r.id
  )
  insert into personalization.product_traits as old (product_id, vendor_id, category_id, traits, weights)
  select c.id, c.vendor_id, c.category_id, d.traits, d.weights
  from chosen c join described d on d.id = c.id
  order by c.id
  on conflict (product_id) do update
    set vendor_id = excluded.vendor_id, category_id = excluded.category_id, traits = excluded.traits, weights = excluded.weights
    where (old.vendor_id, old.category_id, old.traits, old.weights)
      is distinct from (excluded.vendor_id, excluded.category_id, excluded.traits, excluded.weights);
  get diagnostics v_written = row_count;
  return v_written;
end;
$$;
revoke execute on function personalization.describe_products(uuid[]) from public;
grant execute on function personalization.describe_products(uuid[]) to service_role;
comment on function personalization.describe_products(uuid[]) is 'Writes the traits of products; null: of all.';

-- Looks at the prices of all categories again, and at the products of those whose bands have moved.
create function personalization.refresh_price_bands() returns integer
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_moved uuid[];
begin
  with fresh as (
    select p.category_id, percentile_disc(1.0 / 3) within group (order by p.price) as low_below,
      percentile_disc(2.0 / 3) within group (order by p.price) as high_from
    from public.products p where p.status = 'active' group by p.category_id having count(*) >= 6
  ), moved as (
    insert into personalization.price_bands as old (category_id, low_below, high_from)
    select f.category_id, f.low_below, f.high_from from fresh f order by f.category_id
    on conflict (category_id) do update
      set low_below = excluded.low_below, high_from = excluded.high_from, updated_at = now()
      where (old.low_below, old.high_from) is distinct from (excluded.low_below, excluded.high_from)
    returning category_id
  )
  select array_agg(category_id) into v_moved from moved;
  if v_moved is null then return 0; end if;
  return personalization.describe_products(array(select p.id from public.products p where p.category_id = any (v_moved)));
end;
$$;
revoke execute on function personalization.refresh_price_bands() from public;
grant execute on function personalization.refresh_price_bands() to service_role;
comment on function personalization.refresh_price_bands() is 'Looks again at what is cheap and what is dear; gives how many products read otherwise.';
