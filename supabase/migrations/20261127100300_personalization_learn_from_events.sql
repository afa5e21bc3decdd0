-- How an event becomes evidence. Sums that decay: each group of signals by a half-life of its own, and beside them the
-- session's. An event that comes late counts what would be left of it by now, so the order of arrival does not matter.

-- Adds one event's evidence to what is known of a subject.
create function personalization.add_evidence(
  p_subject uuid,
  p_signal text,
  p_strength real,
  p_at timestamptz,
  p_traits text[],
  p_weights real[]
) returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  -- Which sum a signal counts to: what speaks against a product, what was bought, what was carted, else what was looked at.
  v_group text := case
    when p_strength < 0 then 'against'
    when p_signal in ('purchase', 'repeat_purchase', 'bulk_purchase', 'subscription') then 'bought'
    when p_signal in ('add_to_cart', 'quantity_increase', 'save_for_later') then 'carted'
    else 'browsed'
  end;
  v_value double precision := abs(p_strength);
  v_browsed double precision := case when v_group = 'browsed' then v_value else 0 end;
  v_carted double precision := case when v_group = 'carted' then v_value else 0 end;
  v_bought double precision := case when v_group = 'bought' then v_value else 0 end;
  v_against double precision := case when v_group = 'against' then v_value else 0 end;
begin
  if v_value = 0 then
    return;
  end if;
  -- before: days that what is kept ages by; late: days that the event is older than what is kept.
  insert into personalization.preferences as kept
    (subject_id, trait, browsed, carted, bought, against, session_for, session_against, as_of)
  select p_subject, said.trait, v_browsed * said.weight, v_carted * said.weight, v_bought * said.weight, v_against * said.weight,
    (v_value - v_against) * said.weight, v_against * said.weight, p_at
  from unnest(p_traits, p_weights) said(trait, weight)
  where said.weight > 0
  order by said.trait
  on conflict (subject_id, trait) do update set (browsed, carted, bought, against, session_for, session_against, as_of, events) = (
    select kept.browsed * exp(-moved.before * 0.0495105128971) + excluded.browsed * exp(-moved.late * 0.0495105128971),
      kept.carted * exp(-moved.before * 0.0154032706791) + excluded.carted * exp(-moved.late * 0.0154032706791),
      kept.bought * exp(-moved.before * 0.00385081766978) + excluded.bought * exp(-moved.late * 0.00385081766978),
      kept.against * exp(-moved.before * 0.0115524530093) + excluded.against * exp(-moved.late * 0.0115524530093),
      kept.session_for * exp(-least(moved.before * 33.2710646669, 700))
        + excluded.session_for * exp(-least(moved.late * 33.2710646669, 700)),
      kept.session_against * exp(-least(moved.before * 33.2710646669, 700))
        + excluded.session_against * exp(-least(moved.late * 33.2710646669, 700)),
      greatest(kept.as_of, excluded.as_of), kept.events + 1
    from (select
      greatest(extract(epoch from excluded.as_of - kept.as_of)::double precision / 86400, 0) as before,
      greatest(extract(epoch from kept.as_of - excluded.as_of)::double precision / 86400, 0) as late) moved);
end;
$$;
revoke execute on function personalization.add_evidence(uuid, text, real, timestamptz, text[], real[]) from public;
grant execute on function personalization.add_evidence(uuid, text, real, timestamptz, text[], real[]) to service_role;
comment on function personalization.add_evidence(uuid, text, real, timestamptz, text[], real[]) is
  'Adds one event''s evidence to what is known of a subject.';

-- What is left of traits' weights where the shopper asked for it by name: a click on oat milk after "milk" says nothing of milk.
create function personalization.unasked(p_traits text[], p_weights real[], p_query text) returns real[]
language plpgsql
immutable strict parallel safe
set search_path = ''
as $$
begin
  return (select array_agg(case
      when position(' ' || replace(split_part(said.trait, ':', 2), '-', ' ') || ' ' in asked.words) > 0
        or position(' ' || replace(split_part(said.trait, ':', 2), '-', ' ') || 's ' in asked.words) > 0 then 0
      else said.weight end order by said.place)
  from unnest(p_traits, p_weights) with ordinality said(trait, weight, place),
    (select ' ' || regexp_replace(lower(p_query), '[^a-z0-9]+', ' ', 'g') || ' ') asked(words));
end;
$$;
revoke execute on function personalization.unasked(text[], real[], text) from public;
grant execute on function personalization.unasked(text[], real[], text) to service_role;
comment on function personalization.unasked(text[], real[], text) is 'Weights without those that the query asked for by name.';

-- What a shopper buys again: kept as sums, so that the order of arrival does not matter.
create function personalization.note_purchase(p_subject uuid, p_product uuid, p_quantity numeric, p_at timestamptz) returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  insert into personalization.habits as kept
    (subject_id, product_id, usual_quantity, last_quantity, first_bought_at, last_bought_at)
  values (p_subject, p_product, coalesce(p_quantity, 1), coalesce(p_quantity, 1), p_at, p_at)
  on conflict (subject_id, product_id) do update set
    purchases = kept.purchases + 1,
    usual_quantity = (kept.usual_quantity * kept.purchases + excluded.usual_quantity) / (kept.purchases + 1),
    last_quantity = case when excluded.last_bought_at >= kept.last_bought_at then excluded.last_quantity else kept.last_quantity end,
    first_bought_at = least(kept.first_bought_at, excluded.first_bought_at),
    last_bought_at = greatest(kept.last_bought_at, excluded.last_bought_at),
    interval_days = nullif(extract(epoch from greatest(kept.last_bought_at, excluded.last_bought_at)
      - least(kept.first_bought_at, excluded.first_bought_at))::real / 86400 / kept.purchases, 0);
end;
$$;
revoke execute on function personalization.note_purchase(uuid, uuid, numeric, timestamptz) from public;
grant execute on function personalization.note_purchase(uuid, uuid, numeric, timestamptz) to service_role;
comment on function personalization.note_purchase(uuid, uuid, numeric, timestamptz) is 'Counts a purchase to a subject''s habits.';
