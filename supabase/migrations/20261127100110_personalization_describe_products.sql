-- What a product says of whoever wants it: its traits, each with how much it says. An attribute says most; a category, which
-- most of what is shown beside the product shares, says little.

create function personalization.slug(p_text text) returns text
language sql
immutable strict parallel safe
set search_path = ''
as $$
  select trim(both '-' from regexp_replace(lower(p_text), '[^a-z0-9]+', '-', 'g'));
$$;
revoke execute on function personalization.slug(text) from public;
grant execute on function personalization.slug(text) to service_role;
comment on function personalization.slug(text) is 'A name as it stands in a trait.';

-- Between which prices a category's middle third lies; kept by the upkeep.
create table personalization.price_bands (
  category_id uuid primary key references public.categories (id) on delete cascade,
  low_below numeric not null,
  high_above numeric not null,
  constraint bands_are_in_order check (low_below <= high_above)
);
alter table personalization.price_bands enable row level security;
revoke all on personalization.price_bands from public, anon, authenticated;
grant select, insert, update, delete on personalization.price_bands to service_role;
comment on table personalization.price_bands is 'What is cheap and what is dear in each category.';

-- Null: all products, as after a change of rules.
create function personalization.describe_products(p_ids uuid[]) returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_ids uuid[] := p_ids;
begin
  if v_ids is null then v_ids := array(select id from public.products); end if;
  with recursive up(category_id, slug, parent_id, depth) as (
    select c.id, c.slug, c.parent_id, 0 from public.categories c
    union all
    select up.category_id, c.slug, c.parent_id, up.depth + 1
    from up join public.categories c on c.id = up.parent_id where up.depth < 8
  ), chosen as materialized (
    select p.id, p.vendor_id, p.category_id, p.brand, p.attributes, p.price, lower(p.name) as name
    from unnest(v_ids) wanted(id)
    join public.products p on p.id = wanted.id
  ), ruled as (
    select c.id, left(trim(both '-' from regexp_replace(lower(given.name), '[^a-z0-9]+', '-', 'g')), 100) as attribute, 1.0 as weight
    from chosen c, unnest(c.attributes) given(name)
    union all
    select c.id, r.attribute, 0.9
    from chosen c join personalization.attribute_rules r
      on c.name ~ r.pattern and (r.unless_pattern is null or c.name !~ r.unless_pattern)
  ), said as (
    select ruled.id, 'attribute:' || ruled.attribute as trait, ruled.weight from ruled where ruled.attribute <> ''
    union all
    select ruled.id, 'attribute:' || i.implied, 0.9
    from ruled join personalization.attribute_implications i using (attribute)
    union all
    select c.id, 'category:' || up.slug, case up.depth when 0 then 0.5 else 0.25 end
    from chosen c join up on up.category_id = c.category_id
    union all
    -- A brand in another script has no slug: its digest tells it from others as well.
    select c.id, 'brand:' || case when c.brand ~* '[a-z0-9]'
        then trim(both '-' from regexp_replace(lower(c.brand), '[^a-z0-9]+', '-', 'g')) else md5(c.brand) end, 0.6
    from chosen c where c.brand is not null
    union all
    select c.id, 'vendor:' || c.vendor_id, 0.3 from chosen c
    union all
    select c.id, 'price:' || case when c.price < b.low_below then 'low' when c.price > b.high_above then 'high' else 'mid' end, 0.3
    from chosen c join personalization.price_bands b using (category_id)
  ), strongest as (
    select said.id, said.trait, max(said.weight)::real as weight from said group by said.id, said.trait
  ), described as (
    select s.id, array_agg(s.trait order by s.trait) as traits, array_agg(s.weight order by s.trait) as weights
    from strongest s group by s.id
  )
  insert into personalization.product_traits as kept (product_id, vendor_id, category_id, traits, weights)
  select c.id, c.vendor_id, c.category_id, d.traits, d.weights
  from chosen c join described d using (id)
  order by c.id
  on conflict (product_id) do update set vendor_id = excluded.vendor_id, category_id = excluded.category_id,
    traits = excluded.traits, weights = excluded.weights
  where (kept.vendor_id, kept.category_id, kept.traits, kept.weights)
    is distinct from (excluded.vendor_id, excluded.category_id, excluded.traits, excluded.weights);
end;
$$;
revoke execute on function personalization.describe_products(uuid[]) from public;
grant execute on function personalization.describe_products(uuid[]) to service_role;
comment on function personalization.describe_products(uuid[]) is 'Writes the traits of products anew.';

create function personalization.describe_new_products() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform personalization.describe_products((select array_agg(added.id) from added));
  return null;
end;
$$;
revoke execute on function personalization.describe_new_products() from public;
create trigger products_describe_new after insert on public.products
  referencing new table as added for each statement execute function personalization.describe_new_products();

create function personalization.describe_changed_products() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_changed uuid[];
begin
  -- Planned anew each time: a plan that was kept from when one product changed compares each of thousands with each.
  execute 'select array_agg(n.id)
    from now_there n join before_it o on o.id = n.id
    where (n.name, n.category_id, n.vendor_id, n.brand, n.attributes, n.price)
      is distinct from (o.name, o.category_id, o.vendor_id, o.brand, o.attributes, o.price)' into v_changed;
  if v_changed is not null then
    perform personalization.describe_products(v_changed);
  end if;
  return null;
end;
$$;
revoke execute on function personalization.describe_changed_products() from public;
create trigger products_describe_changed after update on public.products
  referencing old table as before_it new table as now_there
  for each statement execute function personalization.describe_changed_products();

-- A category that is renamed, or hung elsewhere in the tree, says something else of all products below it.
create function personalization.describe_moved_categories() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform personalization.describe_products(array(
    with recursive below as (
      select n.id from now_there n join before_it o on o.id = n.id
      where (n.slug, n.parent_id) is distinct from (o.slug, o.parent_id)
      union
      select c.id from public.categories c join below on c.parent_id = below.id
    )
    select p.id from public.products p join below on p.category_id = below.id));
  return null;
end;
$$;
revoke execute on function personalization.describe_moved_categories() from public;
create trigger categories_describe_moved after update on public.categories
  referencing old table as before_it new table as now_there
  for each statement execute function personalization.describe_moved_categories();

-- Finds the bands anew, and describes the products of categories whose bands have moved; gives how many products those are.
create function personalization.refresh_price_bands() returns integer
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_moved uuid[];
  v_products uuid[];
begin
  with found as (
    select p.category_id, percentile_cont(0.33) within group (order by p.price)::numeric(10, 2) as low_below,
      percentile_cont(0.67) within group (order by p.price)::numeric(10, 2) as high_above
    from public.products p where p.status = 'active' group by p.category_id having count(*) >= 3
  ), written as (
    insert into personalization.price_bands as kept (category_id, low_below, high_above)
    select f.category_id, f.low_below, f.high_above from found f
    on conflict (category_id) do update set low_below = excluded.low_below, high_above = excluded.high_above
    where (kept.low_below, kept.high_above) is distinct from (excluded.low_below, excluded.high_above)
    returning kept.category_id
  )
  select coalesce(array_agg(category_id), '{}') into v_moved from written;
  select array_agg(p.id) into v_products from public.products p where p.category_id = any (v_moved);
  if v_products is not null then
    perform personalization.describe_products(v_products);
  end if;
  return coalesce(cardinality(v_products), 0);
end;
$$;
revoke execute on function personalization.refresh_price_bands() from public;
grant execute on function personalization.refresh_price_bands() to service_role;
comment on function personalization.refresh_price_bands() is 'Finds what is cheap and what is dear in each category anew.';

select personalization.describe_products(null);
