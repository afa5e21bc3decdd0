-- Which categories go together, and which follow one another; and what is wanted in which month.

create table recommendations.category_relations (
  category_id uuid not null references public.categories (id) on delete cascade,
  other_id uuid not null references public.categories (id) on delete cascade,
  kind text not null,
  baskets integer not null,
  confidence real not null,
  lift real not null,
  updated_at timestamptz not null default now(),
  primary key (category_id, kind, other_id),
  constraint category_relation_is_known check (kind in ('together', 'after')),
  constraint category_is_not_its_own_company check (kind = 'after' or category_id <> other_id),
  constraint category_confidence_is_a_share check (confidence > 0 and confidence <= 1),
  constraint category_lift_is_positive check (lift > 0)
);
create index category_relations_by_other on recommendations.category_relations (other_id);
comment on table recommendations.category_relations is
  'together: in one basket; after: in the next basket of the same customer, within 30 days.';

create table personalization.seasonal_patterns (
  kind text not null,
  id uuid not null,
  month smallint not null,
  -- Above 1: wanted more than others are in that month.
  index real not null,
  purchases integer not null,
  updated_at timestamptz not null default now(),
  primary key (kind, id, month),
  constraint seasonal_kind_is_known check (kind in ('product', 'category')),
  constraint seasonal_month_is_a_month check (month between 1 and 12),
  constraint seasonal_index_is_not_negative check (index >= 0)
);
comment on table personalization.seasonal_patterns is 'What is wanted in which month, against the market as a whole.';

alter table recommendations.category_relations enable row level security;
revoke all on recommendations.category_relations from public, anon, authenticated;
grant select, insert, update, delete on recommendations.category_relations to service_role;
alter table personalization.seasonal_patterns enable row level security;
revoke all on personalization.seasonal_patterns from public, anon, authenticated;
grant select, insert, update, delete on personalization.seasonal_patterns to service_role;

create function recommendations.relate_categories(p_from timestamptz, p_until timestamptz, p_support integer) returns integer
language plpgsql
volatile
set search_path = ''
-- How many pairs there are it cannot know, and a loop over loops is quadratic in them.
set enable_nestloop = off
as $$
declare
  v_count integer;
begin
  create temporary table if not exists category_baskets
    (basket bigint, customer bigint, placed_at timestamptz, category_id uuid) on commit drop;
  truncate pg_temp.category_baskets;
  insert into pg_temp.category_baskets
    select distinct hashtextextended(b.basket, 0), hashtextextended(b.customer, 0), b.placed_at, p.category_id
    from recommendations.baskets(p_from, p_until) b join public.products p on p.id = b.product_id;
  analyze pg_temp.category_baskets;
  with following as (
    select b.basket, lead(b.basket) over w as next_basket, lead(b.placed_at) over w - b.placed_at as after
    from (select distinct c.basket, c.customer, c.placed_at from pg_temp.category_baskets c) b
    window w as (partition by b.customer order by b.placed_at, b.basket)
  ), counted as (
    select 'together' as kind, one.category_id, other.category_id as other_id, count(*) as baskets,
      min(one.customer) <> max(one.customer) as are_several
    from pg_temp.category_baskets one
    join pg_temp.category_baskets other on other.basket = one.basket and other.category_id <> one.category_id
    group by 2, 3
    union all
    select 'after', one.category_id, other.category_id, count(*), min(one.customer) <> max(one.customer)
    from following f
    join pg_temp.category_baskets one on one.basket = f.basket
    join pg_temp.category_baskets other on other.basket = f.next_basket
    where f.after <= interval '30 days'
    group by 2, 3
  ), firsts as (
    -- Of baskets that another follows, for those that come after.
    select 'together' as kind, c.category_id, count(*)::double precision as baskets from pg_temp.category_baskets c group by 2
    union all
    select 'after', c.category_id, count(*) from following f join pg_temp.category_baskets c on c.basket = f.basket
    where f.after <= interval '30 days' group by 2
  ), seconds as (
    select 'together' as kind, c.category_id, count(*)::double precision as baskets from pg_temp.category_baskets c group by 2
    union all
    select 'after', c.category_id, count(*) from following f join pg_temp.category_baskets c on c.basket = f.next_basket
    where f.after <= interval '30 days' group by 2
  ), totals as (
    select 'together' as kind, count(distinct c.basket)::double precision as baskets from pg_temp.category_baskets c
    union all
    select 'after', count(*) from following f where f.after <= interval '30 days'
  ), judged as (
    select c.kind, c.category_id, c.other_id, c.baskets, c.baskets / a.baskets as confidence,
      c.baskets * t.baskets / (a.baskets * o.baskets) as lift
    from counted c
    join firsts a on a.kind = c.kind and a.category_id = c.category_id
    join seconds o on o.kind = c.kind and o.category_id = c.other_id
    join totals t on t.kind = c.kind
    where c.baskets >= p_support and c.are_several
  ), gone as (
    delete from recommendations.category_relations r where not exists (
      select 1 from judged j where j.kind = r.kind and j.category_id = r.category_id and j.other_id = r.other_id)
  )
  insert into recommendations.category_relations as r (category_id, other_id, kind, baskets, confidence, lift, updated_at)
  select j.category_id, j.other_id, j.kind, j.baskets, least(j.confidence, 1), j.lift, p_until from judged j
  on conflict (category_id, kind, other_id) do update
    set baskets = excluded.baskets, confidence = excluded.confidence, lift = excluded.lift, updated_at = excluded.updated_at;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function recommendations.relate_categories(timestamptz, timestamptz, integer) from public;
grant execute on function recommendations.relate_categories(timestamptz, timestamptz, integer) to service_role;
comment on function recommendations.relate_categories(timestamptz, timestamptz, integer) is
  'Makes the relations of categories anew.';

-- Two years of orders by month. What was bought twenty times is half believed: the index is drawn towards 1.
create function personalization.learn_seasons(p_until timestamptz, p_support integer) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from personalization.seasonal_patterns;
  with sold as (
    select i.product_id, p.category_id, extract(month from o.placed_at at time zone 'UTC')::smallint as month, count(*) as purchases
    from public.orders o join public.order_items i on i.order_id = o.id join public.products p on p.id = i.product_id
    where o.placed_at > p_until - interval '2 years' and o.placed_at <= p_until and o.status <> 'cancelled'
    group by 1, 2, 3
  ), base as (
    select m.month, sum(m.purchases) / sum(sum(m.purchases)) over () as share from sold m group by m.month
  ), kinds as (
    select 'product' as kind, s.product_id as id, s.month, s.purchases from sold s
    union all
    select 'category', s.category_id, s.month, sum(s.purchases) from sold s group by s.category_id, s.month
  ), totals as (
    select k.kind, k.id, sum(k.purchases) as purchases from kinds k group by k.kind, k.id having sum(k.purchases) >= p_support
  )
  insert into personalization.seasonal_patterns (kind, id, month, index, purchases, updated_at)
  select t.kind, t.id, b.month, (coalesce(k.purchases, 0) + 20 * b.share) / ((t.purchases + 20) * b.share), coalesce(k.purchases, 0), p_until
  from totals t cross join base b
  left join kinds k on k.kind = t.kind and k.id = t.id and k.month = b.month;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function personalization.learn_seasons(timestamptz, integer) from public;
grant execute on function personalization.learn_seasons(timestamptz, integer) to service_role;
comment on function personalization.learn_seasons(timestamptz, integer) is
  'Learns what is wanted in which month.';
