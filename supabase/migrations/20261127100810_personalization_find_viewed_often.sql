-- What is looked at again and again and never bought is not wanted after all. Found out afterwards, so that a click need not
-- count: the fifth look within 30 days without a purchase speaks against the product, once in 30 days. The event's id follows
-- from what it is about: however often the same time is looked at, it counts once.
create function personalization.derive_viewed_often(p_since timestamptz, p_until timestamptz) returns integer
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
    where look.looks >= 5 and not exists (
      select 1 from personalization.interactions b
      where b.subject_id = look.subject_id and b.product_id = look.product_id
        and b.occurred_at > look.occurred_at - interval '30 days' and b.occurred_at <= look.occurred_at
        and b.signal in ('purchase', 'repeat_purchase', 'bulk_purchase', 'subscription'))
    group by look.subject_id, look.product_id, t.vendor_id, t.traits, t.weights, period
    order by look.subject_id, look.product_id
  loop
    v_event := md5('viewed often ' || v_found.subject_id || v_found.product_id || v_found.period)::uuid;
    continue when exists (select 1 from personalization.event_keys where event_id = v_event);
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
revoke execute on function personalization.derive_viewed_often(timestamptz, timestamptz) from public;
grant execute on function personalization.derive_viewed_often(timestamptz, timestamptz) to service_role;
comment on function personalization.derive_viewed_often(timestamptz, timestamptz) is
  'Finds what was looked at often and not bought, among what arrived in a time.';
