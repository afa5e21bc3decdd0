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

-- What a name tells that nobody wrote down: oat milk is plant-based.
create table personalization.attribute_rules (
  pattern text primary key,
  attribute text not null,
  constraint pattern_is_bounded check (length(pattern) between 2 and 200),
  constraint attribute_is_a_slug check (attribute ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
);
alter table personalization.attribute_rules enable row level security;
revoke all on personalization.attribute_rules from public, anon, authenticated;
grant select, insert, update, delete on personalization.attribute_rules to service_role;
comment on table personalization.attribute_rules is 'Attributes that a product''s name implies, by regular expressions over it.';
insert into personalization.attribute_rules (pattern, attribute) values
  ('\m(oat|soy|almond|coconut|rice|hemp|cashew|pea) (milk|drink|yogurt|yoghurt|cream|butter)\M', 'plant-based'),
  ('\m(plant[- ]based|vegan|tofu|tempeh|seitan)\M', 'plant-based'),
  ('\m(spicy|chili|chilli|hot|jalapeno|sriracha|habanero)\M', 'spicy'),
  ('\m(organic|bio)\M', 'organic'),
  ('\m(gluten[- ]free)\M', 'gluten-free'),
  ('\m(lactose[- ]free)\M', 'lactose-free'),
  ('\m(sugar[- ]free|unsweetened)\M', 'sugar-free'),
  ('\m(whole ?grain|wholemeal)\M', 'whole-grain');

-- Between which prices a category's middle third lies; kept by the daily job.
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

create function personalization.describe_products(p_ids uuid[]) returns void
language sql
volatile
security definer
set search_path = ''
as $$
  with recursive up(category_id, slug, parent_id, depth) as (
    select c.id, c.slug, c.parent_id, 0 from public.categories c
    union all
    select up.category_id, c.slug, c.parent_id, up.depth + 1
    from up join public.categories c on c.id = up.parent_id where up.depth < 8
  ), said as (
    select p.id, 'category:' || up.slug as trait, case up.depth when 0 then 0.5 else 0.25 end as weight
    from public.products p join up on up.category_id = p.category_id where p.id = any (p_ids)
    union all
    select p.id, 'attribute:' || personalization.slug(a.name), 1.0
    from public.products p, unnest(p.attributes) a(name) where p.id = any (p_ids)
    union all
    select p.id, 'attribute:' || r.attribute, 0.9
    from public.products p join personalization.attribute_rules r on p.name ~* r.pattern where p.id = any (p_ids)
    union all
    select p.id, 'brand:' || personalization.slug(p.brand), 0.6
    from public.products p where p.id = any (p_ids) and p.brand is not null
    union all
    select p.id, 'vendor:' || p.vendor_id, 0.3 from public.products p where p.id = any (p_ids)
    union all
    select p.id, 'price:' || case when p.price < b.low_below then 'low' when p.price > b.high_above then 'high' else 'mid' end, 0.3
    from public.products p join personalization.price_bands b using (category_id) where p.id = any (p_ids)
  ), strongest as (
    select said.id, said.trait, max(said.weight)::real as weight
    from said where length(said.trait) between 3 and 160 group by said.id, said.trait
  )
  insert into personalization.product_traits as kept (product_id, vendor_id, category_id, traits, weights)
  select p.id, p.vendor_id, p.category_id, array_agg(s.trait order by s.trait), array_agg(s.weight order by s.trait)
  from strongest s join public.products p on p.id = s.id
  group by p.id
  on conflict (product_id) do update set vendor_id = excluded.vendor_id, category_id = excluded.category_id,
    traits = excluded.traits, weights = excluded.weights
  where (kept.vendor_id, kept.category_id, kept.traits, kept.weights)
    is distinct from (excluded.vendor_id, excluded.category_id, excluded.traits, excluded.weights);
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

-- What was there before this migration.
select personalization.describe_products(array(select id from public.products));
