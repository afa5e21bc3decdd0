-- How an event becomes evidence. Sums that decay: each group of signals by a half-life of its own, and beside them the
-- session's. An event that comes late counts what would be left of it by now, so the order of arrival does not matter.

-- Adds one event's evidence to what is known of a subject.
-- This is most of what a click costs: no subquery a row, seconds as doubles and not numerics, and no sort, as the subject's row
-- is locked and nobody else has its traits in another order.
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
  v_for double precision := greatest(p_strength, 0);
  v_against double precision := greatest(-p_strength, 0);
  v_bought double precision := 0;
  v_carted double precision := 0;
  v_browsed double precision := 0;
begin
  if p_strength = 0 then
    return;
  end if;
  case
    when p_signal in ('purchase', 'repeat_purchase', 'bulk_purchase', 'subscription') then v_bought := v_for;
    when p_signal in ('add_to_cart', 'quantity_increase', 'save_for_later') then v_carted := v_for;
    else v_browsed := v_for;
  end case;
  -- What is kept ages by the time that the event is younger, the event by the time that it is older.
  insert into personalization.preferences as kept
    (subject_id, trait, browsed, carted, bought, against, session_for, session_against, as_of)
  select p_subject, said.trait, v_browsed * said.weight, v_carted * said.weight, v_bought * said.weight, v_against * said.weight,
    v_for * said.weight, v_against * said.weight, p_at
  from unnest(p_traits, p_weights) said(trait, weight)
  where said.weight > 0
  on conflict (subject_id, trait) do update set
    browsed = kept.browsed * exp(-5.7303834371643521e-07 * greatest(date_part('epoch', excluded.as_of - kept.as_of), 0))
      + excluded.browsed * exp(-5.7303834371643521e-07 * greatest(date_part('epoch', kept.as_of - excluded.as_of), 0)),
    carted = kept.carted * exp(-1.7827859582291667e-07 * greatest(date_part('epoch', excluded.as_of - kept.as_of), 0))
      + excluded.carted * exp(-1.7827859582291667e-07 * greatest(date_part('epoch', kept.as_of - excluded.as_of), 0)),
    bought = kept.bought * exp(-4.4569648955787036e-08 * greatest(date_part('epoch', excluded.as_of - kept.as_of), 0))
      + excluded.bought * exp(-4.4569648955787036e-08 * greatest(date_part('epoch', kept.as_of - excluded.as_of), 0)),
    against = kept.against * exp(-1.3370894686689816e-07 * greatest(date_part('epoch', excluded.as_of - kept.as_of), 0))
      + excluded.against * exp(-1.3370894686689816e-07 * greatest(date_part('epoch', kept.as_of - excluded.as_of), 0)),
    session_for = kept.session_for * exp(-least(0.00038508176697800927 * greatest(date_part('epoch', excluded.as_of - kept.as_of), 0), 700))
      + excluded.session_for * exp(-least(0.00038508176697800927 * greatest(date_part('epoch', kept.as_of - excluded.as_of), 0), 700)),
    session_against = kept.session_against * exp(-least(0.00038508176697800927 * greatest(date_part('epoch', excluded.as_of - kept.as_of), 0), 700))
      + excluded.session_against * exp(-least(0.00038508176697800927 * greatest(date_part('epoch', kept.as_of - excluded.as_of), 0), 700)),
    as_of = greatest(kept.as_of, excluded.as_of),
    events = kept.events + 1;
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
