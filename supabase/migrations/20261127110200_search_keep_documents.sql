-- Documents follow products, vendors, categories and popularity, a statement at a time: a hundred thousand products arrive in
-- one statement, and a change of stock that does not take a product off sale writes nothing.

create function search.describe_products(p_ids uuid[]) returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  with recursive up(category_id, id, name, parent_id, depth) as (
    select c.id, c.id, c.name, c.parent_id, 0 from public.categories c
    union all
    select up.category_id, c.id, c.name, c.parent_id, up.depth + 1
    from up join public.categories c on c.id = up.parent_id where up.depth < 8
  ), paths as materialized (
    select up.category_id, array_agg(up.id order by up.depth) as ids, search.fold(string_agg(up.name, ' ' order by up.depth)) as names
    from up group by up.category_id
  ), folded as materialized (
    select p.id, p.vendor_id, p.category_id, paths.ids, search.fold(p.name) as name,
      search.fold(concat_ws(' ', p.brand, array_to_string(own.attributes, ' '))) || ' ' || paths.names as facts,
      extensions.unaccent('extensions.unaccent'::regdictionary, left(p.description, 2000)) as description,
      personalization.slug(p.brand) as brand,
      own.attributes,
      p.price, p.season_months, p.status = 'active' and p.stock > 0 and v.status = 'active' as is_on_sale,
      p.stock <= 5 as is_scarce, p.expires_at, p.created_at, coalesce(pop.popularity, 0) as popularity
    from unnest(p_ids) wanted(id)
    join public.products p on p.id = wanted.id
    join public.vendors v on v.id = p.vendor_id
    join paths on paths.category_id = p.category_id
    left join personalization.product_popularity pop on pop.product_id = p.id
    left join personalization.product_traits t on t.product_id = p.id
    -- With those that its name implies: whoever wants nothing spicy does not want hot sauce.
    cross join lateral (select array(
      select substr(said.trait, 11) from unnest(t.traits) said(trait) where starts_with(said.trait, 'attribute:')
    ) as attributes) own
  ), written as (
    insert into search.documents as kept (product_id, vendor_id, category_id, category_ids, name, name_words, words, brand,
      attributes, price, season_months, is_on_sale, is_scarce, expires_at, listed_at, popularity)
    select f.id, f.vendor_id, f.category_id, f.ids, f.name, named.words,
      setweight(named.words, 'A') || setweight(to_tsvector('pg_catalog.english', f.facts), 'B')
        || setweight(to_tsvector('pg_catalog.english', f.description), 'C'),
      f.brand, f.attributes, f.price, f.season_months, f.is_on_sale, f.is_scarce, f.expires_at, f.created_at, f.popularity
    from folded f cross join lateral (select to_tsvector('pg_catalog.english', f.name) as words) named
    -- In one order everywhere, so that two statements do not wait for each other.
    order by f.id
    on conflict (product_id) do update set vendor_id = excluded.vendor_id, category_id = excluded.category_id,
      category_ids = excluded.category_ids, name = excluded.name, name_words = excluded.name_words, words = excluded.words,
      brand = excluded.brand, attributes = excluded.attributes, price = excluded.price, season_months = excluded.season_months,
      is_on_sale = excluded.is_on_sale, is_scarce = excluded.is_scarce, expires_at = excluded.expires_at
    where (kept.vendor_id, kept.category_ids, kept.name, kept.words, kept.brand, kept.attributes, kept.price, kept.season_months,
        kept.is_on_sale, kept.is_scarce, kept.expires_at)
      is distinct from (excluded.vendor_id, excluded.category_ids, excluded.name, excluded.words, excluded.brand,
        excluded.attributes, excluded.price, excluded.season_months, excluded.is_on_sale, excluded.is_scarce, excluded.expires_at)
  )
  insert into search.words (word, stem)
  select distinct said.word, coalesce((ts_lexize('pg_catalog.english_stem', said.word))[1], said.word) from folded f, string_to_table(f.name || ' ' || f.facts, ' ') said(word)
  where f.is_on_sale and said.word ~ '^[a-z0-9]{2,60}$' and not exists (select 1 from search.words w where w.word = said.word)
  order by 1
  on conflict do nothing;
end;
$$;
revoke execute on function search.describe_products(uuid[]) from public;
grant execute on function search.describe_products(uuid[]) to service_role;
comment on function search.describe_products(uuid[]) is 'Writes the documents of products anew.';

create function search.follow_new_products() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform search.describe_products(array(select id from arrived));
  return null;
end;
$$;
revoke execute on function search.follow_new_products() from public;
create trigger products_search_new after insert on public.products
  referencing new table as arrived for each statement execute function search.follow_new_products();

-- Planned anew each time: PL/pgSQL keeps the plan that was made for one row, and then compares each of ten thousand before with
-- each after; fifteen seconds instead of one.
create function search.follow_changed_products() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_ids uuid[];
begin
  execute 'select array(
    select n.id from after_change n join before_change o using (id)
    where (o.vendor_id, o.category_id, o.name, o.description, o.brand, o.attributes, o.price, o.season_months, o.status,
        o.stock > 0, o.stock <= 5, o.expires_at)
      is distinct from (n.vendor_id, n.category_id, n.name, n.description, n.brand, n.attributes, n.price, n.season_months,
        n.status, n.stock > 0, n.stock <= 5, n.expires_at))' into v_ids;
  if cardinality(v_ids) > 0 then
    perform search.describe_products(v_ids);
  end if;
  return null;
end;
$$;
revoke execute on function search.follow_changed_products() from public;
create trigger products_search_changed after update on public.products
  referencing old table as before_change new table as after_change
  for each statement execute function search.follow_changed_products();

create function search.follow_vendors() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform search.describe_products(array(
    select p.id from public.products p
    join after_change n on n.id = p.vendor_id join before_change o on o.id = n.id where n.status <> o.status));
  return null;
end;
$$;
revoke execute on function search.follow_vendors() from public;
create trigger vendors_search_changed after update on public.vendors
  referencing old table as before_change new table as after_change for each statement execute function search.follow_vendors();

-- A category that moves or is renamed takes all below it along.
create function search.follow_categories() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform search.describe_products(array(
    select d.product_id from search.documents d
    where d.category_ids && array(select n.id from after_change n join before_change o using (id)
      where (n.name, n.parent_id) is distinct from (o.name, o.parent_id))));
  return null;
end;
$$;
revoke execute on function search.follow_categories() from public;
create trigger categories_search_changed after update on public.categories
  referencing old table as before_change new table as after_change for each statement execute function search.follow_categories();

create function search.follow_popularity() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  -- In the order that descriptions are written in, so that the two do not wait for each other.
  with moved as materialized (
    select d.product_id, n.popularity
    from search.documents d join after_change n using (product_id)
    where abs(d.popularity - n.popularity) >= 0.005
    order by d.product_id for update of d
  )
  update search.documents d set popularity = m.popularity from moved m where d.product_id = m.product_id;
  return null;
end;
$$;
revoke execute on function search.follow_popularity() from public;
create trigger popularity_search_new after insert on personalization.product_popularity
  referencing new table as after_change for each statement execute function search.follow_popularity();
create trigger popularity_search_changed after update on personalization.product_popularity
  referencing new table as after_change for each statement execute function search.follow_popularity();

select search.describe_products(array(select id from public.products));
