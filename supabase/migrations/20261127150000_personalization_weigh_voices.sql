-- How much a shopper's word says of what all others are shown. Sessions cost nothing to make up, so a hundred of them say as
-- much as some twenty users; what a session tells of days ago, and a place in a list that it was never shown, says nothing; what was
-- never bought cannot have come back. What is learned of the shopper themselves is not touched by any of it.

alter table personalization.subjects add column is_doubted boolean;
comment on column personalization.subjects.is_doubted is
  'One of more sessions than one address begins: served like all, and without a say in what others are shown. Null: not judged yet.';

alter table personalization.product_days
  add column interest real not null default 0,
  add column regret real not null default 0,
  add constraint interest_is_not_negative check (least(interest, regret) >= 0);
comment on column personalization.product_days.interest is 'Clicks, carts and purchases of a day, by what they say and who says it.';
update personalization.product_days set interest = 0.2 * fair_clicks + 0.5 * carts + purchases, regret = 0.8 * returns;

-- Counts a day anew. No click is worth more than ten: far down a list, few clicks would decide.
create or replace function personalization.count_product_day(p_day date, p_until timestamptz) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_from constant timestamptz := p_day::timestamp at time zone 'UTC';
  v_count integer;
begin
  delete from personalization.product_days d where d.day = p_day;
  insert into personalization.product_days (product_id, day, views, clicks, fair_clicks, carts, purchases, returns, interest, regret)
  select counted.product_id, p_day, sum(counted.views), sum(counted.clicks), sum(counted.fair_clicks), sum(counted.carts),
    sum(counted.purchases), sum(counted.returns),
    sum(counted.of_users) + 2 * (sqrt(1 + sum(counted.of_sessions)) - 1), sum(counted.regret)
  from (
    select once.product_id, 0 as views, count(*) filter (where once.kind = 'click') as clicks,
      coalesce(sum(once.worth) filter (where once.kind = 'click'), 0) as fair_clicks,
      count(*) filter (where once.kind = 'cart') as carts, count(*) filter (where once.kind = 'purchase') as purchases,
      count(*) filter (where once.kind = 'return') as returns,
      coalesce(sum(once.worth * once.says) filter (where not once.is_session), 0) as of_users,
      coalesce(sum(once.worth * once.says) filter (where once.is_session), 0) as of_sessions,
      0.8 * (count(*) filter (where once.kind = 'return' and not once.is_session)
        + 2 * (sqrt(1 + count(*) filter (where once.kind = 'return' and once.is_session)) - 1)) as regret
    from (
      select i.product_id, i.subject_id, k.kind, k.says, coalesce(s.is_session, false) as is_session,
        max(case when k.kind = 'click' then least(1 / coalesce(p.propensity, 1), 10) else 1 end) as worth
      from personalization.interactions i
      join (values ('click', 'click', 0.2), ('view_details', 'click', 0.2), ('add_to_cart', 'cart', 0.5),
        ('save_for_later', 'cart', 0.5), ('purchase', 'purchase', 1), ('repeat_purchase', 'purchase', 1),
        ('bulk_purchase', 'purchase', 1), ('subscription', 'purchase', 1), ('returned', 'return', 0)) k(signal, kind, says)
        on k.signal = i.signal
      left join personalization.subjects s on s.id = i.subject_id
      left join personalization.shown_lists l on l.id = i.list_id and l.subject_id = i.subject_id
      left join personalization.position_propensities p on p.position = array_position(l.product_ids, i.product_id)
      where i.occurred_at >= v_from and i.occurred_at < v_from + interval '1 day' and i.received_at <= p_until
        and i.product_id is not null and s.opted_out_at is null and s.is_doubted is not true
        and (s.is_session is not true or i.received_at < i.occurred_at + interval '2 days')
        and (i.signal <> 'returned' or exists (
          select 1 from personalization.interactions b
          where b.subject_id = i.subject_id and b.product_id = i.product_id and b.occurred_at < i.occurred_at
            and b.signal in ('purchase', 'repeat_purchase', 'bulk_purchase', 'subscription')))
      group by i.product_id, i.subject_id, k.kind, k.says, s.is_session
    ) once
    group by once.product_id
    union all
    select seen.product_id, count(*), 0, 0, 0, 0, 0, 0, 0, 0
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
create or replace function personalization.rank_products(p_until timestamptz, p_days integer) returns integer
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
      sum(greatest(d.interest - d.regret, 0)::double precision * exp((d.day - v_today) * 0.0495105128971::double precision)) as want,
      coalesce(sum(d.interest::double precision) filter (where d.day > v_today - 7), 0) as week,
      coalesce(sum(d.interest::double precision) filter (where d.day <= v_today - 7 and d.day > v_today - 28), 0) / 3.0 as week_before
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
