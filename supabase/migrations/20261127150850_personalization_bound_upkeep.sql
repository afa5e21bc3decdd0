-- Work that strangers can make by the thousand is done by the thousand: a step of upkeep that took all of it at once would some day not
-- come to an end, and neither would those behind it.

drop function personalization.derive_viewed_often(timestamptz, timestamptz);
-- What is looked at again and again and never bought is not wanted after all. Found out afterwards, so that a click need not
-- count: the fifth look within 30 days without a purchase speaks against the product, once in 30 days. The event's id follows
-- from what it is about: however often the same time is looked at, it counts once.
create function personalization.derive_viewed_often(p_since timestamptz, p_until timestamptz, p_limit integer default 1000) returns integer
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_found record;
  v_event uuid;
  v_strength real;
  v_opted_out timestamptz;
  v_derived integer := 0;
begin
  for v_found in
    select look.subject_id, look.product_id, t.vendor_id, t.traits, t.weights, min(look.occurred_at) as occurred_at,
      floor(extract(epoch from look.occurred_at) / 2592000) as period
    from (
      select i.subject_id, i.product_id, i.occurred_at, count(*) over (
        partition by i.subject_id, i.product_id order by i.occurred_at range between interval '30 days' preceding and current row) as looks
      from personalization.interactions i
      where i.signal in ('click', 'view_details') and i.occurred_at > p_since - interval '60 days' and i.occurred_at <= p_until
        and (i.subject_id, i.product_id) in (
          select fresh.subject_id, fresh.product_id from personalization.interactions fresh
          where fresh.received_at > p_since and fresh.received_at <= p_until and fresh.signal in ('click', 'view_details'))
    ) look
    join personalization.product_traits t on t.product_id = look.product_id
    join personalization.subjects s on s.id = look.subject_id and s.opted_out_at is null and s.merged_into is null
    where look.looks >= 5 and not exists (
      select 1 from personalization.interactions b
      where b.subject_id = look.subject_id and b.product_id = look.product_id
        and b.occurred_at > look.occurred_at - interval '30 days' and b.occurred_at <= look.occurred_at
        and b.signal in ('purchase', 'repeat_purchase', 'bulk_purchase', 'subscription'))
    group by look.subject_id, look.product_id, t.vendor_id, t.traits, t.weights, period
    having not exists (
      select 1 from personalization.event_keys k
      where k.event_id = md5('viewed often ' || look.subject_id || look.product_id || floor(extract(epoch from min(look.occurred_at)) / 2592000))::uuid)
    order by look.subject_id, look.product_id limit p_limit
  loop
    v_event := md5('viewed often ' || v_found.subject_id || v_found.product_id || v_found.period)::uuid;
    -- Locked as in tracking. Who has been erased, merged or has opted out meanwhile has no such row any more, or says so.
    select s.opted_out_at into v_opted_out from personalization.subjects s
    where s.id = v_found.subject_id and s.merged_into is null for update;
    continue when not found or v_opted_out is not null;
    continue when not exists (
      select 1 from personalization.interactions i
      where i.subject_id = v_found.subject_id and i.product_id = v_found.product_id and i.occurred_at = v_found.occurred_at);
    insert into personalization.event_keys (event_id) values (v_event) on conflict do nothing;
    continue when not found;
    select w.weight into v_strength from personalization.signal_weights_now w
    where w.signal = 'viewed_often' and w.vendor_id in (v_found.vendor_id, '00000000-0000-0000-0000-000000000000')
    order by w.vendor_id desc limit 1;
    insert into personalization.interactions (event_id, occurred_at, subject_id, signal, product_id, vendor_id, strength, raw)
    values (v_event, v_found.occurred_at, v_found.subject_id, 'viewed_often', v_found.product_id, v_found.vendor_id,
      coalesce(v_strength, 0), jsonb_build_object('type', 'viewed_often', 'productId', v_found.product_id));
    perform personalization.add_evidence(v_found.subject_id, 'viewed_often', coalesce(v_strength, 0), v_found.occurred_at,
      v_found.traits, v_found.weights);
    update personalization.subjects set version = version + 1 where id = v_found.subject_id;
    v_derived := v_derived + 1;
  end loop;
  return v_derived;
end;
$$;
revoke execute on function personalization.derive_viewed_often(timestamptz, timestamptz, integer) from public;
grant execute on function personalization.derive_viewed_often(timestamptz, timestamptz, integer) to service_role;
comment on function personalization.derive_viewed_often(timestamptz, timestamptz, integer) is
  'Finds what was looked at often and not bought, among what arrived in a time.';

-- Removes what is older than an hour, and streams that were not heard of; gives how many rows went of the one or the other.
create or replace function live.purge(p_limit integer, p_is_dry_run boolean) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_gone integer;
  v_left integer;
begin
  if p_is_dry_run then
    return (select count(*) from live.outbox o where o.created_at < now() - interval '1 hour');
  end if;
  delete from live.outbox o where (o.subject_id, o.version) in (
    select old.subject_id, old.version from live.outbox old where old.created_at < now() - interval '1 hour'
    order by old.created_at limit p_limit for update skip locked);
  get diagnostics v_gone = row_count;
  delete from live.listeners l where (l.subject_id, l.stream_id) in (
    select gone.subject_id, gone.stream_id from live.listeners gone where gone.until < now() - interval '1 hour'
    order by gone.until limit p_limit for update skip locked);
  get diagnostics v_left = row_count;
  return greatest(v_gone, v_left);
end;
$$;
revoke execute on function live.purge(integer, boolean) from public;
grant execute on function live.purge(integer, boolean) to service_role;
comment on function live.purge(integer, boolean) is 'Removes what was told more than an hour ago.';

-- Clicks and views of products by place, for the estimate of propensities: of lists of the last p_days, the newest p_lists of those
-- whose word counts.
create or replace function personalization.position_counts(p_until timestamptz, p_days integer, p_lists integer, p_positions integer)
returns table (item bigint, "position" integer, views bigint, clicks bigint)
language sql
stable
set search_path = ''
as $$
  with lists as (
    select l.id, l.subject_id, l.product_ids from personalization.shown_lists l
    where l.shown_at > p_until - make_interval(days => p_days) and l.shown_at <= p_until
      and exists (select 1 from personalization.voices v where v.subject_id = l.subject_id)
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
