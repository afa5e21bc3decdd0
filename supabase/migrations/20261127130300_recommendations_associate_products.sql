-- What is bought together. A basket is what one customer ordered at one moment: a cart of three vendors is three orders, and
-- one basket. Baskets of more than 60 products say nothing of any two of them.

create function recommendations.baskets(p_from timestamptz, p_until timestamptz)
returns table (basket text, customer text, placed_at timestamptz, product_id uuid)
language sql
stable
set search_path = ''
rows 100000
as $$
  with items as (
    select coalesce(o.customer_id::text || ' ' || extract(epoch from o.placed_at), o.id::text) as basket,
      coalesce(o.customer_id, o.id)::text as customer, o.placed_at, i.product_id
    from public.orders o join public.order_items i on i.order_id = o.id
    where o.placed_at > p_from and o.placed_at <= p_until and o.status <> 'cancelled'
  ), sized as (
    select b.*, count(*) over (partition by b.basket) as size
    from (select distinct basket, customer, placed_at, product_id from items) b
  )
  select basket, customer, placed_at, product_id from sized where size <= 60;
$$;
revoke execute on function recommendations.baskets(timestamptz, timestamptz) from public;
grant execute on function recommendations.baskets(timestamptz, timestamptz) to service_role;
comment on function recommendations.baskets(timestamptz, timestamptz) is 'What was ordered together in a time.';

-- The baskets a run works on; empty between runs. Customers are numbers, and name nobody.
-- Not in the write-ahead log: they are made anew each hour.
create unlogged table recommendations.basket_items (
  basket bigint not null,
  customer bigint not null,
  product_id uuid not null
);
comment on table recommendations.basket_items is 'Baskets that a run of batch learning works on.';
alter table recommendations.basket_items enable row level security;
revoke all on recommendations.basket_items from public, anon, authenticated;
grant select, insert, update, delete on recommendations.basket_items to service_role;

create function recommendations.collect_baskets(p_from timestamptz, p_until timestamptz) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from recommendations.basket_items;
  insert into recommendations.basket_items (basket, customer, product_id)
    select hashtextextended(b.basket, 0), hashtextextended(b.customer, 0), b.product_id
    from recommendations.baskets(p_from, p_until) b;
  get diagnostics v_count = row_count;
  -- Just filled: the planner would take it for empty.
  analyze recommendations.basket_items;
  return v_count;
end;
$$;
revoke execute on function recommendations.collect_baskets(timestamptz, timestamptz) from public;
grant execute on function recommendations.collect_baskets(timestamptz, timestamptz) to service_role;
comment on function recommendations.collect_baskets(timestamptz, timestamptz) is 'Collects the baskets that a run works on.';

-- Makes the associations of one of p_buckets parts of the products anew. A pair needs p_support baskets of at least two
-- customers: what one shopper always buys is their habit, and one shopper cannot make a pair for all others.
create function recommendations.associate_products(
  p_until timestamptz,
  p_support integer,
  p_bucket integer,
  p_buckets integer
) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_count integer;
begin
  with total as (
    select count(distinct b.basket)::double precision as baskets from recommendations.basket_items b
  ), alone as (
    select b.product_id, count(*) as baskets from recommendations.basket_items b group by b.product_id
    having count(*) >= p_support
  ), pairs as (
    select one.product_id, other.product_id as other_id, count(*) as baskets
    from recommendations.basket_items one
    join recommendations.basket_items other on other.basket = one.basket and other.product_id <> one.product_id
    where abs(hashtextextended(one.product_id::text, 0) % p_buckets) = p_bucket
    group by one.product_id, other.product_id
    having count(*) >= p_support and min(one.customer) <> max(one.customer)
  ), judged as (
    select p.product_id, p.other_id, p.baskets, p.baskets::double precision / a.baskets as confidence,
      p.baskets * t.baskets / (a.baskets::double precision * o.baskets) as lift
    from pairs p join alone a on a.product_id = p.product_id join alone o on o.product_id = p.other_id cross join total t
  ), ranked as (
    select j.*, row_number() over (partition by j.product_id order by j.lift * ln(1 + j.baskets) desc, j.other_id) as place
    from judged j where j.lift > 1
  ), gone as (
    delete from recommendations.associations a
    where abs(hashtextextended(a.product_id::text, 0) % p_buckets) = p_bucket
      and not exists (select 1 from ranked r where r.product_id = a.product_id and r.other_id = a.other_id and r.place <= 50)
  )
  insert into recommendations.associations as a (product_id, other_id, orders, confidence, lift, updated_at)
  select r.product_id, r.other_id, r.baskets, r.confidence, r.lift, p_until from ranked r where r.place <= 50
  on conflict (product_id, other_id) do update
    set orders = excluded.orders, confidence = excluded.confidence, lift = excluded.lift, updated_at = excluded.updated_at
  where (a.orders, a.confidence, a.lift) is distinct from (excluded.orders, excluded.confidence, excluded.lift);
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function recommendations.associate_products(timestamptz, integer, integer, integer) from public;
grant execute on function recommendations.associate_products(timestamptz, integer, integer, integer) to service_role;
comment on function recommendations.associate_products(timestamptz, integer, integer, integer) is
  'Makes a part of the associations anew.';
