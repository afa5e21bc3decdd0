-- How wanted products are: counts of a day, made anew whole whenever something of that day arrives, and what they come to.

create table personalization.position_propensities (
  position smallint primary key,
  propensity real not null,
  views bigint not null,
  clicks bigint not null,
  updated_at timestamptz not null default now(),
  constraint propensity_is_a_share check (propensity > 0 and propensity <= 1),
  constraint propensity_is_of_a_place check (position >= 1)
);
comment on table personalization.position_propensities is 'How likely a shopper looks at a place of a list, the first place being 1.';

create table personalization.product_days (
  product_id uuid not null references public.products (id) on delete cascade,
  day date not null,
  views integer not null default 0,
  -- Each subject once a day and kind; clicks weighted by the inverse of how likely their place is looked at.
  clicks integer not null default 0,
  fair_clicks real not null default 0,
  carts integer not null default 0,
  purchases integer not null default 0,
  returns integer not null default 0,
  primary key (day, product_id),
  constraint day_counts_are_not_negative check (least(views, clicks, fair_clicks, carts, purchases, returns) >= 0)
);
create index product_days_by_product on personalization.product_days (product_id);
comment on table personalization.product_days is 'What happened to products, day by day.';

alter table personalization.position_propensities enable row level security;
revoke all on personalization.position_propensities from public, anon, authenticated;
grant select, insert, update, delete on personalization.position_propensities to service_role;
alter table personalization.product_days enable row level security;
revoke all on personalization.product_days from public, anon, authenticated;
grant select, insert, update, delete on personalization.product_days to service_role;

-- Clicks and views of products by place, for the estimate of propensities: of lists of the last p_days, the newest p_lists.
create function personalization.position_counts(p_until timestamptz, p_days integer, p_lists integer, p_positions integer)
returns table (item bigint, "position" integer, views bigint, clicks bigint)
language sql
stable
set search_path = ''
as $$
  with lists as (
    select l.id, l.subject_id, l.product_ids from personalization.shown_lists l
    where l.shown_at > p_until - make_interval(days => p_days) and l.shown_at <= p_until and l.subject_id is not null
    order by l.shown_at desc, l.id
    limit p_lists
  ), shown as (
    select l.id, l.subject_id, s.product_id, s.place::integer
    from lists l cross join lateral unnest(l.product_ids[:p_positions]) with ordinality s(product_id, place)
  ), clicked as (
    -- A click on a list of somebody else's counts for nothing.
    select distinct i.list_id, i.subject_id, i.product_id from personalization.interactions i
    where i.signal in ('click', 'view_details') and i.list_id is not null
      and i.occurred_at > p_until - make_interval(days => p_days) and i.received_at <= p_until
  )
  select dense_rank() over (order by s.product_id) - 1, s.place, count(*), count(c.product_id)
  from shown s
  left join clicked c on c.list_id = s.id and c.subject_id = s.subject_id and c.product_id = s.product_id
  group by s.product_id, s.place;
$$;
revoke execute on function personalization.position_counts(timestamptz, integer, integer, integer) from public;
grant execute on function personalization.position_counts(timestamptz, integer, integer, integer) to service_role;
comment on function personalization.position_counts(timestamptz, integer, integer, integer) is 'Views and clicks by product and place.';

-- Counts a day anew. No click is worth more than ten: far down a list, few clicks would decide.
create function personalization.count_product_day(p_day date, p_until timestamptz) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_from constant timestamptz := p_day::timestamp at time zone 'UTC';
  v_count integer;
begin
  delete from personalization.product_days d where d.day = p_day;
  insert into personalization.product_days (product_id, day, views, clicks, fair_clicks, carts, purchases, returns)
  select counted.product_id, p_day, sum(counted.views), sum(counted.clicks), sum(counted.fair_clicks), sum(counted.carts),
    sum(counted.purchases), sum(counted.returns)
  from (
    select once.product_id, 0 as views, count(*) filter (where once.kind = 'click') as clicks,
      coalesce(sum(once.worth) filter (where once.kind = 'click'), 0) as fair_clicks,
      count(*) filter (where once.kind = 'cart') as carts, count(*) filter (where once.kind = 'purchase') as purchases,
      count(*) filter (where once.kind = 'return') as returns
    from (
      select i.product_id, i.subject_id, k.kind, max(least(1 / coalesce(p.propensity, 1), 10)) as worth
      from personalization.interactions i
      join (values ('click', 'click'), ('view_details', 'click'), ('add_to_cart', 'cart'), ('save_for_later', 'cart'),
        ('purchase', 'purchase'), ('repeat_purchase', 'purchase'), ('bulk_purchase', 'purchase'),
        ('subscription', 'purchase'), ('returned', 'return')) k(signal, kind) on k.signal = i.signal
      left join personalization.position_propensities p on p.position = i.position and i.list_id is not null
      where i.occurred_at >= v_from and i.occurred_at < v_from + interval '1 day' and i.received_at <= p_until
        and i.product_id is not null
      group by i.product_id, i.subject_id, k.kind
    ) once
    group by once.product_id
    union all
    select seen.product_id, count(*), 0, 0, 0, 0, 0
    from (
      select distinct coalesce(l.subject_id, l.id) as viewer, s.product_id
      from personalization.shown_lists l cross join lateral unnest(l.product_ids) s(product_id)
      where l.shown_at >= v_from and l.shown_at < v_from + interval '1 day' and l.shown_at <= p_until
    ) seen
    group by seen.product_id
  ) counted
  where exists (select 1 from public.products pr where pr.id = counted.product_id)
  group by counted.product_id;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function personalization.count_product_day(date, timestamptz) from public;
grant execute on function personalization.count_product_day(date, timestamptz) to service_role;
comment on function personalization.count_product_day(date, timestamptz) is 'Counts what happened to products on a day.';

-- Popularity within the category, with a half-life of 14 days; trend: the last week against the three before, -1 to 1.
create function personalization.rank_products(p_until timestamptz, p_days integer) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_today constant date := (p_until at time zone 'UTC')::date;
  v_count integer;
begin
  delete from personalization.product_days d where d.day < v_today - p_days;
  with summed as (
    select d.product_id, sum(d.views) as views, sum(d.clicks) as clicks, sum(d.purchases) as purchases, sum(d.fair_clicks) as fair,
      -- ln 2 / 14; in numbers of the machine: exact ones take twenty times as long.
      sum(greatest(0.2 * d.fair_clicks + (0.5 * d.carts + d.purchases - 0.8 * d.returns)::double precision, 0)
        * exp((d.day - v_today) * 0.0495105128971::double precision)) as want,
      coalesce(sum(0.2 * d.fair_clicks + (0.5 * d.carts + d.purchases)::double precision) filter (where d.day > v_today - 7), 0)
        as week,
      coalesce(sum(0.2 * d.fair_clicks + (0.5 * d.carts + d.purchases)::double precision)
        filter (where d.day <= v_today - 7 and d.day > v_today - 28), 0) / 3.0 as week_before
    from personalization.product_days d
    where d.day <= v_today
    group by d.product_id
  ), overall as (
    select coalesce(sum(s.fair) / nullif(sum(s.views), 0), 0) as click_rate from summed s
  ), ranked as (
    select s.*,
      -- A category where nobody buys has no stars: it takes some twenty purchases to be one.
      ln(1 + s.want) / ln(1 + greatest(max(s.want) over (partition by p.category_id), 20)) as popularity,
      (s.week - s.week_before) / (s.week + s.week_before + 3) as trend,
      case when s.views > 0 then least((s.fair + 20 * o.click_rate) / (s.views + 20), 1) end as click_rate
    from summed s join public.products p on p.id = s.product_id cross join overall o
  ), gone as (
    delete from personalization.product_popularity pp where not exists (select 1 from summed s where s.product_id = pp.product_id)
  )
  insert into personalization.product_popularity as pp
    (product_id, popularity, trend, views, clicks, purchases, click_rate, updated_at)
  select r.product_id, least(r.popularity, 1), r.trend, r.views, r.clicks, r.purchases, r.click_rate, p_until from ranked r
  on conflict (product_id) do update set popularity = excluded.popularity, trend = excluded.trend, views = excluded.views,
    clicks = excluded.clicks, purchases = excluded.purchases, click_rate = excluded.click_rate, updated_at = excluded.updated_at
  where (pp.popularity, pp.trend, pp.views, pp.clicks, pp.purchases, pp.click_rate)
    is distinct from (excluded.popularity, excluded.trend, excluded.views, excluded.clicks, excluded.purchases, excluded.click_rate);
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function personalization.rank_products(timestamptz, integer) from public;
grant execute on function personalization.rank_products(timestamptz, integer) to service_role;
comment on function personalization.rank_products(timestamptz, integer) is 'Makes product_popularity of the days'' counts.';
