-- What is on sale, said once, and a narrow row a product that can be read in the order of how wanted it is: within a
-- category, of a vendor, or of all. Popularity and category stand in two tables, and no index can span them.

create view recommendations.on_sale as
  select p.id, p.vendor_id, p.category_id, p.season_months
  from public.products p
  join public.vendors v on v.id = p.vendor_id
  where p.status = 'active' and v.status = 'active' and p.stock > 0 and (p.expires_at is null or p.expires_at > now());
revoke all on recommendations.on_sale from public, anon, authenticated;
grant select on recommendations.on_sale to service_role;
comment on view recommendations.on_sale is 'Products that may be shown.';

create table recommendations.shelves (
  product_id uuid primary key references public.products (id) on delete cascade,
  category_id uuid not null,
  vendor_id uuid not null,
  popularity real not null default 0,
  trend real not null default 0
);
create index shelves_by_category on recommendations.shelves (category_id, popularity desc, product_id);
create index shelves_by_vendor on recommendations.shelves (vendor_id, popularity desc, product_id);
create index shelves_by_popularity on recommendations.shelves (popularity desc, product_id);
create index shelves_by_trend on recommendations.shelves (trend desc, popularity desc, product_id);
comment on table recommendations.shelves is 'Products in the order of how wanted they are. Kept by triggers.';
alter table recommendations.shelves enable row level security;
revoke all on recommendations.shelves from public, anon, authenticated;
grant select, insert, update, delete on recommendations.shelves to service_role;

create function recommendations.place_products() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  insert into recommendations.shelves as shelf (product_id, category_id, vendor_id, popularity, trend)
  select placed.product_id, placed.category_id, placed.vendor_id, coalesce(wanted.popularity, 0), coalesce(wanted.trend, 0)
  from placed
  left join personalization.product_popularity wanted on wanted.product_id = placed.product_id
  order by placed.product_id
  on conflict (product_id) do update set category_id = excluded.category_id, vendor_id = excluded.vendor_id
  where (shelf.category_id, shelf.vendor_id) is distinct from (excluded.category_id, excluded.vendor_id);
  return null;
end;
$$;
revoke execute on function recommendations.place_products() from public;

create function recommendations.rank_products() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  update recommendations.shelves shelf set popularity = ranked.popularity, trend = ranked.trend
  from ranked
  where shelf.product_id = ranked.product_id
    -- Less than that moves nobody on a shelf who matters, and each move costs five indexes.
    and (abs(shelf.popularity - ranked.popularity) >= 0.005 or abs(shelf.trend - ranked.trend) >= 0.005);
  return null;
end;
$$;
revoke execute on function recommendations.rank_products() from public;

create function recommendations.unrank_products() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  update recommendations.shelves shelf set popularity = 0, trend = 0
  from unranked
  where shelf.product_id = unranked.product_id;
  return null;
end;
$$;
revoke execute on function recommendations.unrank_products() from public;

create trigger products_are_placed after insert on personalization.product_traits
  referencing new table as placed for each statement execute function recommendations.place_products();
create trigger products_are_moved after update on personalization.product_traits
  referencing new table as placed for each statement execute function recommendations.place_products();
create trigger products_are_ranked after insert on personalization.product_popularity
  referencing new table as ranked for each statement execute function recommendations.rank_products();
create trigger products_are_ranked_anew after update on personalization.product_popularity
  referencing new table as ranked for each statement execute function recommendations.rank_products();
create trigger products_are_unranked after delete on personalization.product_popularity
  referencing old table as unranked for each statement execute function recommendations.unrank_products();
insert into recommendations.shelves (product_id, category_id, vendor_id, popularity, trend)
select t.product_id, t.category_id, t.vendor_id, coalesce(w.popularity, 0), coalesce(w.trend, 0)
from personalization.product_traits t left join personalization.product_popularity w using (product_id);
