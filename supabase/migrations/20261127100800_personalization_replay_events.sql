-- What is known of a shopper follows from what they did: sums that decay, whatever the order. So it can be made anew from the
-- events that are kept, set-based, and comes to the same. Seeds use it, and so does whoever doubts what was learned.
create function personalization.rebuild_preferences(p_subjects uuid[]) returns integer
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_rebuilt integer;
begin
  -- Locks the subjects as tracking does, in one order: nothing is counted while it is made anew.
  insert into personalization.subjects as s (id) select distinct wanted.id from unnest(p_subjects) wanted(id) order by 1
  on conflict (id) do update set version = s.version + 1;
  get diagnostics v_rebuilt = row_count;
  delete from personalization.preferences where subject_id = any (p_subjects);
  delete from personalization.habits where subject_id = any (p_subjects);

  insert into personalization.preferences
    (subject_id, trait, browsed, carted, bought, against, session_for, session_against, as_of, events)
  select aged.subject_id, aged.trait,
    sum(case when aged.kind = 'browsed' then aged.value * exp(-aged.days * 0.0495105128971) else 0 end),
    sum(case when aged.kind = 'carted' then aged.value * exp(-aged.days * 0.0154032706791) else 0 end),
    sum(case when aged.kind = 'bought' then aged.value * exp(-aged.days * 0.00385081766978) else 0 end),
    sum(case when aged.kind = 'against' then aged.value * exp(-aged.days * 0.0115524530093) else 0 end),
    sum(case when aged.kind <> 'against' then aged.value * exp(-least(aged.days * 33.2710646669, 700)) else 0 end),
    sum(case when aged.kind = 'against' then aged.value * exp(-least(aged.days * 33.2710646669, 700)) else 0 end),
    max(aged.as_of), count(*)::integer
  from (
    select said.*, extract(epoch from said.as_of - said.occurred_at)::double precision / 86400 as days
    from (
      select i.subject_id, i.occurred_at, trait.name as trait, abs(i.strength)::double precision * trait.weight as value,
        case when i.strength < 0 then 'against'
          when i.signal in ('purchase', 'repeat_purchase', 'bulk_purchase', 'subscription') then 'bought'
          when i.signal in ('add_to_cart', 'quantity_increase', 'save_for_later') then 'carted'
          else 'browsed' end as kind,
        max(i.occurred_at) over (partition by i.subject_id, trait.name) as as_of
      from personalization.interactions i
      left join personalization.product_traits t on t.product_id = i.product_id and i.evidence is null
      cross join lateral (
        select own.name, own.weight from unnest(t.traits, t.weights) own(name, weight) where i.evidence is null
        union all
        select kept.key, kept.value::real from jsonb_each_text(i.evidence) kept
      ) trait
      where i.subject_id = any (p_subjects) and i.strength <> 0 and trait.weight > 0
    ) said
  ) aged
  group by aged.subject_id, aged.trait;

  insert into personalization.habits
    (subject_id, product_id, purchases, usual_quantity, last_quantity, first_bought_at, last_bought_at, interval_days)
  select bought.subject_id, bought.product_id, count(*)::integer, avg(bought.quantity)::double precision,
    (array_agg(bought.quantity order by bought.occurred_at desc, bought.received_at desc))[1],
    min(bought.occurred_at), max(bought.occurred_at),
    case when count(*) > 1 then
      nullif(extract(epoch from max(bought.occurred_at) - min(bought.occurred_at))::real / 86400 / (count(*) - 1)::integer, 0) end
  from (
    select i.subject_id, i.product_id, i.occurred_at, i.received_at, coalesce(i.quantity, 1) as quantity
    from personalization.interactions i join public.products p on p.id = i.product_id
    where i.subject_id = any (p_subjects) and i.signal in ('purchase', 'repeat_purchase', 'bulk_purchase', 'subscription')
  ) bought
  group by bought.subject_id, bought.product_id;
  return v_rebuilt;
end;
$$;
revoke execute on function personalization.rebuild_preferences(uuid[]) from public;
grant execute on function personalization.rebuild_preferences(uuid[]) to service_role;
comment on function personalization.rebuild_preferences(uuid[]) is 'Learns subjects anew from the events that are kept of them.';
