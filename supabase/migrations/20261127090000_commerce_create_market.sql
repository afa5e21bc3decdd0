-- A market of many tenants: vendors (farms and shops) sell products of one tree of categories. A vendor's people are its
-- members; what is not on sale is seen by them alone.

create schema if not exists commerce;
comment on schema commerce is 'Functions of the market that policies use. Not exposed to the API.';
grant usage on schema commerce to anon, authenticated, service_role;

create table public.vendors (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique,
  name text not null,
  kind text not null,
  region text,
  status text not null default 'active',
  created_at timestamptz not null default now(),
  constraint vendor_slug_is_a_slug check (slug ~ '^[a-z0-9]([a-z0-9-]{0,78}[a-z0-9])?$'),
  constraint vendor_name_is_short check (length(name) between 1 and 200),
  constraint vendor_kind_is_known check (kind in ('farm', 'shop')),
  constraint vendor_status_is_known check (status in ('active', 'suspended'))
);
comment on table public.vendors is 'Farms and shops: the tenants of the market.';

create table public.vendor_members (
  vendor_id uuid not null references public.vendors (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role text not null default 'staff',
  created_at timestamptz not null default now(),
  primary key (vendor_id, user_id),
  constraint member_role_is_known check (role in ('owner', 'staff'))
);
create index vendor_members_by_user on public.vendor_members (user_id);
comment on table public.vendor_members is 'Who may act for a vendor.';

create table public.categories (
  id uuid primary key default gen_random_uuid(),
  parent_id uuid references public.categories (id),
  slug text not null unique,
  name text not null,
  constraint category_slug_is_a_slug check (slug ~ '^[a-z0-9]([a-z0-9-]{0,78}[a-z0-9])?$'),
  constraint category_is_not_its_own_parent check (parent_id <> id)
);
create index categories_by_parent on public.categories (parent_id);
comment on table public.categories is 'The tree of what is sold, shared by all vendors.';

create table public.products (
  id uuid primary key default gen_random_uuid(),
  vendor_id uuid not null references public.vendors (id) on delete cascade,
  category_id uuid not null references public.categories (id),
  sku text not null,
  name text not null,
  description text not null default '',
  brand text,
  attributes text[] not null default '{}',
  price numeric(10, 2) not null,
  currency text not null default 'EUR',
  unit text not null default 'piece',
  unit_size numeric(10, 3) not null default 1,
  season_months smallint[] not null default '{}',
  stock integer not null default 0,
  freshness_days smallint,
  rating numeric(2, 1),
  rating_count integer not null default 0,
  status text not null default 'active',
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint sku_is_the_vendors_own unique (vendor_id, sku),
  constraint sku_is_short check (length(sku) between 1 and 100),
  constraint product_name_is_short check (length(name) between 1 and 200),
  constraint description_is_bounded check (length(description) <= 10000),
  constraint brand_is_short check (length(brand) between 1 and 100),
  constraint attributes_are_few check (cardinality(attributes) <= 40),
  constraint price_is_not_negative check (price >= 0),
  constraint currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint unit_is_known check (unit in ('piece', 'kg', 'g', 'l', 'ml', 'gallon', 'dozen', 'bunch', 'box')),
  constraint unit_size_is_positive check (unit_size > 0),
  constraint season_months_are_months check (season_months <@ array[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]::smallint[]),
  constraint stock_is_not_negative check (stock >= 0),
  constraint freshness_is_positive check (freshness_days > 0),
  constraint rating_is_in_range check (rating between 1 and 5),
  constraint rating_count_is_not_negative check (rating_count >= 0),
  constraint product_status_is_known check (status in ('active', 'hidden'))
);
create index products_by_category on public.products (category_id);
comment on table public.products is 'What vendors sell. Empty season_months: all year.';
comment on column public.products.attributes is 'Slugs such as organic, vegan, local, spicy.';

-- The vendors the caller acts for. Policies say `(select commerce.my_vendors())`, so that it is asked once a statement.
create function commerce.my_vendors() returns uuid[]
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(array_agg(vendor_id), '{}') from public.vendor_members where user_id = auth.uid();
$$;
revoke execute on function commerce.my_vendors() from public;
grant execute on function commerce.my_vendors() to anon, authenticated, service_role;
comment on function commerce.my_vendors() is 'The vendors the caller acts for.';

create function commerce.active_vendors() returns uuid[]
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(array_agg(id), '{}') from public.vendors where status = 'active';
$$;
revoke execute on function commerce.active_vendors() from public;
grant execute on function commerce.active_vendors() to anon, authenticated, service_role;
comment on function commerce.active_vendors() is 'The vendors whose products are on sale.';

create function commerce.touch_updated_at() returns trigger
language plpgsql
volatile
set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end;
$$;
revoke execute on function commerce.touch_updated_at() from public;
create trigger products_touch before update on public.products
  for each row execute function commerce.touch_updated_at();

alter table public.vendors enable row level security;
alter table public.vendor_members enable row level security;
alter table public.categories enable row level security;
alter table public.products enable row level security;
revoke all on public.vendors, public.vendor_members, public.categories, public.products from public, anon, authenticated;
grant select on public.vendors, public.categories, public.products to anon, authenticated;
grant select on public.vendor_members to authenticated;
grant update (name, region) on public.vendors to authenticated;
-- What shoppers said of a product is not its vendor's to write.
grant delete on public.products to authenticated;
grant insert (id, vendor_id, category_id, sku, name, description, brand, attributes, price, currency, unit, unit_size,
  season_months, stock, freshness_days, status, expires_at) on public.products to authenticated;
grant update (vendor_id, category_id, sku, name, description, brand, attributes, price, currency, unit, unit_size,
  season_months, stock, freshness_days, status, expires_at) on public.products to authenticated;
grant select, insert, update, delete on public.vendors, public.vendor_members, public.categories, public.products
  to service_role;

create policy active_vendors_are_public on public.vendors for select to anon, authenticated
  using (status = 'active' or id = any ((select commerce.my_vendors())::uuid[]));
create policy members_change_their_vendor on public.vendors for update to authenticated
  using (id = any ((select commerce.my_vendors())::uuid[])) with check (id = any ((select commerce.my_vendors())::uuid[]));
create policy members_see_themselves on public.vendor_members for select to authenticated
  using (user_id = (select auth.uid()));
create policy categories_are_public on public.categories for select to anon, authenticated using (true);
create policy products_on_sale_are_public on public.products for select to anon, authenticated
  using (
    vendor_id = any ((select commerce.my_vendors())::uuid[])
    or (status = 'active' and (expires_at is null or expires_at > now())
      and vendor_id = any ((select commerce.active_vendors())::uuid[]))
  );
create policy members_add_products on public.products for insert to authenticated
  with check (vendor_id = any ((select commerce.my_vendors())::uuid[]));
create policy members_change_products on public.products for update to authenticated
  using (vendor_id = any ((select commerce.my_vendors())::uuid[]))
  with check (vendor_id = any ((select commerce.my_vendors())::uuid[]));
create policy members_remove_products on public.products for delete to authenticated
  using (vendor_id = any ((select commerce.my_vendors())::uuid[]));
