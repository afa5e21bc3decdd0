-- Who buys, and what: customers, carts, orders (one vendor each) and returns.

create table public.customers (
  id uuid primary key references auth.users (id) on delete cascade,
  display_name text,
  created_at timestamptz not null default now(),
  constraint display_name_is_short check (length(display_name) between 1 and 200)
);
comment on table public.customers is 'Users who shop. Sessions without an account are subjects of personalization until they sign in.';

create table public.carts (
  id uuid primary key default gen_random_uuid(),
  customer_id uuid not null references public.customers (id) on delete cascade,
  status text not null default 'open',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint cart_status_is_known check (status in ('open', 'ordered', 'abandoned'))
);
create unique index carts_one_open on public.carts (customer_id) where status = 'open';
create index carts_by_customer on public.carts (customer_id);
create trigger carts_touch before update on public.carts
  for each row execute function commerce.touch_updated_at();
comment on table public.carts is 'What a customer is about to order; one is open at a time.';

create table public.cart_items (
  cart_id uuid not null references public.carts (id) on delete cascade,
  product_id uuid not null references public.products (id) on delete cascade,
  quantity numeric(10, 3) not null default 1,
  added_at timestamptz not null default now(),
  primary key (cart_id, product_id),
  constraint cart_quantity_is_positive check (quantity > 0)
);
create index cart_items_by_product on public.cart_items (product_id);
comment on table public.cart_items is 'Products in a cart.';

create table public.orders (
  id uuid primary key default gen_random_uuid(),
  customer_id uuid references public.customers (id) on delete set null,
  vendor_id uuid not null references public.vendors (id),
  status text not null default 'placed',
  total numeric(12, 2) not null,
  currency text not null default 'EUR',
  placed_at timestamptz not null default now(),
  constraint order_status_is_known check (status in ('placed', 'paid', 'shipped', 'delivered', 'cancelled')),
  constraint order_total_is_not_negative check (total >= 0)
);
create index orders_by_customer on public.orders (customer_id, placed_at desc);
create index orders_by_vendor on public.orders (vendor_id, placed_at desc);
comment on table public.orders is 'Orders, one vendor each: a cart with products of three vendors becomes three.';

create table public.order_items (
  order_id uuid not null references public.orders (id) on delete cascade,
  product_id uuid not null references public.products (id),
  quantity numeric(10, 3) not null,
  unit_price numeric(10, 2) not null,
  primary key (order_id, product_id),
  constraint order_quantity_is_positive check (quantity > 0),
  constraint unit_price_is_not_negative check (unit_price >= 0)
);
create index order_items_by_product on public.order_items (product_id);
comment on table public.order_items is 'Products of an order, at the price they were sold for.';

create table public.returns (
  id uuid primary key default gen_random_uuid(),
  order_id uuid not null,
  product_id uuid not null,
  quantity numeric(10, 3) not null,
  reason text,
  returned_at timestamptz not null default now(),
  foreign key (order_id, product_id) references public.order_items (order_id, product_id) on delete cascade,
  constraint returned_quantity_is_positive check (quantity > 0),
  constraint reason_is_bounded check (length(reason) <= 1000)
);
create index returns_by_item on public.returns (order_id, product_id);
comment on table public.returns is 'What came back.';

-- The orders the caller may see: their own, and those of vendors they act for. Items and returns follow their order.
alter table public.customers enable row level security;
alter table public.carts enable row level security;
alter table public.cart_items enable row level security;
alter table public.orders enable row level security;
alter table public.order_items enable row level security;
alter table public.returns enable row level security;
revoke all on public.customers, public.carts, public.cart_items, public.orders, public.order_items, public.returns
  from public, anon, authenticated;
grant select, insert, update on public.customers to authenticated;
grant select, insert, update, delete on public.carts, public.cart_items to authenticated;
grant select on public.orders, public.order_items, public.returns to authenticated;
grant select, insert, update, delete
  on public.customers, public.carts, public.cart_items, public.orders, public.order_items, public.returns to service_role;

create policy customers_are_their_own on public.customers for all to authenticated
  using (id = (select auth.uid())) with check (id = (select auth.uid()));
create policy carts_are_their_customers on public.carts for all to authenticated
  using (customer_id = (select auth.uid())) with check (customer_id = (select auth.uid()));
create policy cart_items_follow_their_cart on public.cart_items for all to authenticated
  using (exists (select 1 from public.carts c where c.id = cart_id and c.customer_id = (select auth.uid())))
  with check (exists (select 1 from public.carts c where c.id = cart_id and c.customer_id = (select auth.uid())));
create policy orders_are_of_both_sides on public.orders for select to authenticated
  using (customer_id = (select auth.uid()) or vendor_id = any ((select commerce.my_vendors())::uuid[]));
create policy order_items_follow_their_order on public.order_items for select to authenticated
  using (exists (select 1 from public.orders o where o.id = order_id));
create policy returns_follow_their_order on public.returns for select to authenticated
  using (exists (select 1 from public.orders o where o.id = order_id));
