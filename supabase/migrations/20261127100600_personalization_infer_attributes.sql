-- Rules of attributes may be called off by other words of the name (hot chocolate is not spicy), and an attribute may stand for another
-- one (what is vegan is plant-based).
alter table personalization.attribute_rules add column unless_pattern text;

create table personalization.attribute_implications (
  attribute text not null,
  implied text not null,
  primary key (attribute, implied),
  constraint implied_attribute_is_a_slug check (implied ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and attribute ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint attribute_does_not_imply_itself check (attribute <> implied)
);
alter table personalization.attribute_implications enable row level security;
revoke all on personalization.attribute_implications from public, anon, authenticated;
grant select, insert, update, delete on personalization.attribute_implications to service_role;
comment on table personalization.attribute_implications is 'Attributes that stand for others.';
insert into personalization.attribute_implications (attribute, implied) values
  ('vegan', 'plant-based'), ('vegan', 'dairy-free'), ('vegan', 'vegetarian'), ('hot', 'spicy');

delete from personalization.attribute_rules where attribute = 'spicy';
insert into personalization.attribute_rules (pattern, attribute, unless_pattern) values
  ('\m(spicy|chill?i|chill?ies|habanero|jalapeno|sriracha|harissa|kimchi)\M', 'spicy', '\mmild\M'),
  ('\mhot (sauce|pepper|peppers|salsa|paste)\M', 'spicy', null),
  ('\m(dairy[- ]free)\M', 'plant-based', null),
  ('\mvegan\M', 'vegan', null),
  ('\m(free[- ]range|pasture[- ]raised)\M', 'free-range', null),
  ('\mgrass[- ]fed\M', 'grass-fed', null),
  ('\mfrozen\M', 'frozen', null),
  ('\msmoked\M', 'smoked', null);
update personalization.attribute_rules set unless_pattern = '\mnon[- ]organic\M' where attribute = 'organic';

-- Null: all products, as after a change of rules.
create or replace function personalization.describe_products(p_ids uuid[]) returns void
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

select personalization.describe_products(null);
