-- Sources that begin with what a shopper did. All sources give candidates, best first, and never more than they are asked
-- for; what must not be shown is left out before they count. They are plpgsql for its cached plans, and generic plans
-- suffice: arrays that are short.

create type recommendations.candidate as (
  product_id uuid,
  source text,
  strength real,
  -- What led to it: a product's id, or a trait.
  because text
);

-- What the subject did lately, as one row: the products that say most about what they want now, strongest first, and those
-- that they sent back or turned away from.
create function recommendations.lately(p_subject uuid, p_at timestamptz, p_limit integer)
returns table (seeds uuid[], weights real[], refused uuid[])
language plpgsql
stable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
rows 1
as $$
declare
  -- What halves something in a day. Written out: a call of personalization.remaining for each row would cost ten times more.
  v_decay constant double precision := ln(2::double precision) / 86400;
begin
  return query
  with said as (
    (select i.product_id, i.strength * exp(extract(epoch from i.occurred_at - p_at)::double precision * v_decay / 14) as weight,
      case when i.signal = 'returned' then i.occurred_at end as returned_at,
      case when i.strength >= 0.8 then i.occurred_at end as bought_at
    from personalization.interactions i
    where i.subject_id = p_subject and i.occurred_at > p_at - interval '120 days' and i.occurred_at < p_at + interval '1 day'
      and i.product_id is not null and i.strength <> 0
    order by i.occurred_at desc limit 80)
    union all
    (select h.product_id, 0.2 * least(h.purchases, 5)
      * exp(extract(epoch from h.last_bought_at - p_at)::double precision * v_decay / 90), null, h.last_bought_at
    from personalization.habits h
    where h.subject_id = p_subject
    order by h.last_bought_at desc limit 60)
  ), summed as (
    select s.product_id, sum(s.weight)::real as weight,
      coalesce(max(s.returned_at) > coalesce(max(s.bought_at), '-infinity'), false) or sum(s.weight) <= -0.3 as is_refused
    from said s group by s.product_id
  ), strongest as (
    select s.product_id, s.weight from summed s where s.weight > 0 and not s.is_refused
    order by s.weight desc, s.product_id limit p_limit
  )
  select
    array(select t.product_id from strongest t order by t.weight desc, t.product_id),
    array(select t.weight from strongest t order by t.weight desc, t.product_id),
    array(select s.product_id from summed s where s.is_refused);
end;
$$;
revoke execute on function recommendations.lately(uuid, timestamptz, integer) from public;
comment on function recommendations.lately(uuid, timestamptz, integer) is
  'The products that a subject wants now, and those they turned away from.';

-- What the active item-item model says of those who want the seeds.
create function recommendations.from_model(
  p_seeds uuid[], p_weights real[], p_without uuid[], p_vendor uuid, p_limit integer
) returns setof recommendations.candidate
language plpgsql
stable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
rows 50
as $$
begin
  return query
  select near.id, 'model', near.strength, near.because::text
  from (
    select other.id, sum(seed.weight * other.weight)::real as strength,
      (array_agg(seed.id order by seed.weight * other.weight desc, seed.id))[1] as because
    from unnest(p_seeds, p_weights) seed(id, weight)
    join recommendations.neighbours n on n.product_id = seed.id
      and n.version = (select m.version from recommendations.item_models m where m.status = 'active')
    cross join lateral unnest(n.neighbour_ids, n.weights) other(id, weight)
    where other.weight > 0 and other.id <> all (p_seeds) and other.id <> all (p_without)
    group by other.id
    order by 2 desc, 1
    limit p_limit * 3
  ) near
  join recommendations.on_sale s on s.id = near.id and (p_vendor is null or s.vendor_id = p_vendor)
  order by near.strength desc, near.id
  limit p_limit;
end;
$$;
revoke execute on function recommendations.from_model(uuid[], real[], uuid[], uuid, integer) from public;
comment on function recommendations.from_model(uuid[], real[], uuid[], uuid, integer) is
  'What the item-item model says of those who want the seeds.';

-- What is bought in one order with the seeds.
create function recommendations.from_company(
  p_seeds uuid[], p_weights real[], p_without uuid[], p_vendor uuid, p_limit integer
) returns setof recommendations.candidate
language plpgsql
stable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
rows 50
as $$
begin
  return query
  select near.id, 'bought-together', near.strength, near.because::text
  from (
    select other.other_id as id, sum(seed.weight * other.strength)::real as strength,
      (array_agg(seed.id order by seed.weight * other.strength desc, seed.id))[1] as because
    from unnest(p_seeds, p_weights) seed(id, weight)
    cross join lateral (
      select a.other_id, a.confidence * ln(1 + a.lift) as strength
      from recommendations.associations a where a.product_id = seed.id
      order by a.lift desc limit 40
    ) other
    where other.other_id <> all (p_seeds) and other.other_id <> all (p_without)
    group by other.other_id
    order by 2 desc, 1
    limit p_limit * 3
  ) near
  join recommendations.on_sale s on s.id = near.id and (p_vendor is null or s.vendor_id = p_vendor)
  order by near.strength desc, near.id
  limit p_limit;
end;
$$;
revoke execute on function recommendations.from_company(uuid[], real[], uuid[], uuid, integer) from public;
comment on function recommendations.from_company(uuid[], real[], uuid[], uuid, integer) is
  'What is bought in one order with the seeds.';

-- The same from orders themselves, for products that the hourly job has not come to: from some two hundred in all.
-- What one customer ordered of several vendors within an hour was one cart.
create function recommendations.from_orders(p_seeds uuid[], p_without uuid[], p_vendor uuid, p_limit integer)
returns setof recommendations.candidate
language plpgsql
stable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
rows 50
as $$
begin
  return query
  select near.id, 'bought-together', near.orders::real, near.because::text
  from (
    select other.product_id as id, count(distinct (seed.id, bought.order_id)) as orders, min(seed.id::text) as because
    from unnest(p_seeds) seed(id)
    cross join lateral (
      select i.order_id from public.order_items i where i.product_id = seed.id
      limit greatest(200 / cardinality(p_seeds), 10)
    ) bought
    join public.orders o on o.id = bought.order_id and o.status <> 'cancelled'
    cross join lateral (
      select o.id
      union
      select c.id from public.orders c
      where c.customer_id = o.customer_id and c.status <> 'cancelled'
        and c.placed_at between o.placed_at - interval '1 hour' and o.placed_at + interval '1 hour'
    ) cart
    join public.order_items other on other.order_id = cart.id
    where other.product_id <> all (p_seeds) and other.product_id <> all (p_without)
    group by other.product_id
    order by 2 desc, 1
    limit p_limit * 3
  ) near
  join recommendations.on_sale s on s.id = near.id and (p_vendor is null or s.vendor_id = p_vendor)
  order by near.orders desc, near.id
  limit p_limit;
end;
$$;
revoke execute on function recommendations.from_orders(uuid[], uuid[], uuid, integer) from public;
comment on function recommendations.from_orders(uuid[], uuid[], uuid, integer) is
  'What was bought along with the seeds, from orders.';

-- What the subject buys again, soonest due first. It is due once its interval is nearly over; who stayed away for four
-- intervals has given it up.
create function recommendations.from_habits(
  p_subject uuid, p_at timestamptz, p_without uuid[], p_vendor uuid, p_limit integer
) returns setof recommendations.candidate
language plpgsql
stable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
rows 20
as $$
begin
  return query
  select due.product_id, 'habit', due.strength, due.product_id::text
  from (
    select h.product_id,
      -- 1 on the day itself, less before and after.
      power(2::double precision, -abs(extract(epoch from p_at - h.last_bought_at) / 86400 / h.interval_days - 1))::real
        as strength
    from personalization.habits h
    -- Twice within hours is one purchase that something was forgotten in, not a rhythm.
    where h.subject_id = p_subject and h.purchases >= 2 and h.interval_days >= 0.5
      and h.last_bought_at + make_interval(
        secs => (h.interval_days - least(greatest(h.interval_days * 0.25, 1), h.interval_days * 0.5)) * 86400) <= p_at
      and h.last_bought_at + make_interval(secs => h.interval_days * 4 * 86400) > p_at
      and h.product_id <> all (p_without)
  ) due
  join recommendations.on_sale s on s.id = due.product_id and (p_vendor is null or s.vendor_id = p_vendor)
  order by due.strength desc, due.product_id
  limit p_limit;
end;
$$;
revoke execute on function recommendations.from_habits(uuid, timestamptz, uuid[], uuid, integer) from public;
comment on function recommendations.from_habits(uuid, timestamptz, uuid[], uuid, integer) is
  'What a subject buys again and is due.';
