-- How much the price matters to a shopper: where what they buy stands among the prices of its category.

create table personalization.price_percentiles (
  product_id uuid primary key references public.products (id) on delete cascade,
  percentile real not null,
  constraint percentile_is_a_share check (percentile between 0 and 1)
);
comment on table personalization.price_percentiles is 'Where a product''s price stands within its category: 0 the lowest, 1 the highest.';

create table personalization.price_sensitivities (
  subject_id uuid primary key,
  -- The mean percentile of what was bought, drawn towards the middle where little was.
  percentile real not null,
  level text not null,
  purchases integer not null,
  updated_at timestamptz not null default now(),
  constraint mean_percentile_is_a_share check (percentile between 0 and 1),
  constraint price_level_is_known check (level in ('low', 'mid', 'high')),
  constraint priced_purchases_are_counted check (purchases >= 1)
);
comment on table personalization.price_sensitivities is 'What subjects are used to pay.';

alter table personalization.price_percentiles enable row level security;
revoke all on personalization.price_percentiles from public, anon, authenticated;
grant select, insert, update, delete on personalization.price_percentiles to service_role;
alter table personalization.price_sensitivities enable row level security;
revoke all on personalization.price_sensitivities from public, anon, authenticated;
grant select, insert, update, delete on personalization.price_sensitivities to service_role;

create function personalization.rank_prices() returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from personalization.price_percentiles pp
    where not exists (select 1 from public.products p where p.id = pp.product_id and p.status = 'active');
  insert into personalization.price_percentiles as pp (product_id, percentile)
  select p.id,
    -- A category of one price is neither dear nor cheap.
    case when max(p.price) over c = min(p.price) over c then 0.5
      else (rank() over (partition by p.category_id, p.currency order by p.price) - 1 + (count(*) over (partition by p.category_id,
        p.currency, p.price) - 1) / 2.0) / greatest(count(*) over c - 1, 1) end
  from public.products p
  where p.status = 'active'
  window c as (partition by p.category_id, p.currency)
  on conflict (product_id) do update set percentile = excluded.percentile where pp.percentile <> excluded.percentile;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function personalization.rank_prices() from public;
grant execute on function personalization.rank_prices() to service_role;
comment on function personalization.rank_prices() is
  'Places each price within its category.';

-- Each product once a subject, however often they bought it: a daily loaf does not make somebody thrifty.
create function personalization.learn_price_sensitivities(p_subjects uuid[], p_until timestamptz, p_days integer) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_count integer;
begin
  with bought as (
    select distinct i.subject_id, i.product_id from personalization.interactions i
    join personalization.subjects s on s.id = i.subject_id and s.opted_out_at is null
    where i.subject_id = any (p_subjects) and i.occurred_at > p_until - make_interval(days => p_days) and i.occurred_at <= p_until
      and i.received_at <= p_until
      and i.signal in ('purchase', 'repeat_purchase', 'bulk_purchase', 'subscription')
  ), judged as (
    select b.subject_id, count(*) as purchases, (sum(pp.percentile) + 0.5 * 3) / (count(*) + 3) as percentile
    from bought b join personalization.price_percentiles pp on pp.product_id = b.product_id
    group by b.subject_id
  ), gone as (
    delete from personalization.price_sensitivities ps
    where ps.subject_id = any (p_subjects) and not exists (select 1 from judged j where j.subject_id = ps.subject_id)
  )
  insert into personalization.price_sensitivities as ps (subject_id, percentile, level, purchases, updated_at)
  select j.subject_id, j.percentile,
    case when j.percentile < 0.35 then 'low' when j.percentile > 0.65 then 'high' else 'mid' end, j.purchases, p_until
  from judged j
  on conflict (subject_id) do update set percentile = excluded.percentile, level = excluded.level, purchases = excluded.purchases,
    updated_at = excluded.updated_at
  where (ps.percentile, ps.purchases) is distinct from (excluded.percentile, excluded.purchases);
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function personalization.learn_price_sensitivities(uuid[], timestamptz, integer) from public;
grant execute on function personalization.learn_price_sensitivities(uuid[], timestamptz, integer) to service_role;
comment on function personalization.learn_price_sensitivities(uuid[], timestamptz, integer) is
  'Learns what subjects are used to pay.';
