-- Traits follow their products within the statement that changes them, once a statement: an import of thousands describes them in one go.
create function personalization.describe_added_products() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  insert into personalization.price_bands (category_id, low_below, high_from)
  select p.category_id, percentile_disc(1.0 / 3) within group (order by p.price),
    percentile_disc(2.0 / 3) within group (order by p.price)
  from public.products p
  where p.category_id in (
    select added.category_id from added
    except select band.category_id from personalization.price_bands band)
  group by p.category_id having count(*) >= 6
  order by p.category_id
  on conflict (category_id) do nothing;
  perform personalization.describe_products(array(select id from added));
  return null;
end;
$$;
revoke execute on function personalization.describe_added_products() from public;
create trigger products_describe_added after insert on public.products referencing new table as added
  for each statement execute function personalization.describe_added_products();

-- Most changes of products are of their stock, and say nothing new.
create function personalization.describe_changed_products() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_changed uuid[] := array(
    select now.id from changed now join former before on before.id = now.id
    where (now.vendor_id, now.category_id, now.brand, now.attributes, now.price, now.name)
      is distinct from (before.vendor_id, before.category_id, before.brand, before.attributes, before.price, before.name));
begin
  if cardinality(v_changed) > 0 then perform personalization.describe_products(v_changed); end if;
  return null;
end;
$$;
revoke execute on function personalization.describe_changed_products() from public;
create trigger products_describe_changed after update on public.products
  referencing old table as former new table as changed
  for each statement execute function personalization.describe_changed_products();

create function personalization.describe_recategorised_products() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform personalization.describe_products(array(
    with recursive below as (
      select now.id from changed now join former before on before.id = now.id
      where (now.slug, now.parent_id) is distinct from (before.slug, before.parent_id)
      union
      select c.id from public.categories c join below on c.parent_id = below.id
    )
    select p.id from public.products p join below on p.category_id = below.id));
  return null;
end;
$$;
revoke execute on function personalization.describe_recategorised_products() from public;
create trigger categories_describe_changed after update on public.categories
  referencing old table as former new table as changed
  for each statement execute function personalization.describe_recategorised_products();

-- Those that are there already.
select personalization.refresh_price_bands();
select personalization.describe_products(null);
