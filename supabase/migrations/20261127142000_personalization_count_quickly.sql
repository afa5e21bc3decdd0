-- The same events counted with less work: an event's product and weight come in one look, it is told apart from those before
-- where it is kept, and no partition is opened that is not needed.

-- Arrivals come in their order: a summary of ranges finds them as well as a tree, and costs an event nothing.
drop index personalization.interactions_by_arrival;
create index interactions_by_arrival on personalization.interactions using brin (received_at) with (autosummarize = on);

-- One event of a subject whose row is locked. Gives what became of it: recorded, duplicate, or why it was refused.
create or replace function personalization.track_event(p_subject uuid, p_event jsonb, p_now timestamptz) returns text
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_id uuid := (p_event ->> 'eventId')::uuid;
  v_signal text := p_event ->> 'type';
  v_product uuid := (p_event ->> 'productId')::uuid;
  v_at timestamptz := coalesce((p_event ->> 'occurredAt')::timestamptz, p_now);
  v_query text := p_event ->> 'query';
  v_list uuid := (p_event ->> 'listId')::uuid;
  v_quantity numeric := (p_event ->> 'quantity')::numeric;
  v_position integer := (p_event ->> 'position')::integer;
  v_place integer;
  v_vendor uuid;
  v_traits text[];
  v_weights real[];
  v_strength real;
  v_is_listed boolean;
  v_shown uuid[];
  v_evidence jsonb;
begin
  if v_at > p_now + interval '5 minutes' then
    return 'in_the_future';
  elsif v_at < p_now - interval '30 days' then
    return 'too_old';
  end if;
  if v_signal = 'purchase' then
    select case when v_quantity >= 3 or v_quantity >= 2 * h.usual_quantity then 'bulk_purchase' else 'repeat_purchase' end
    into v_signal from personalization.habits h where h.subject_id = p_subject and h.product_id = v_product;
    v_signal := coalesce(v_signal, case when v_quantity >= 3 then 'bulk_purchase' else 'purchase' end);
  end if;
  if v_product is not null then
    select t.vendor_id, t.traits, t.weights, p.status = 'active' and v.status = 'active', (
      select w.weight from personalization.signal_weights_now w
      where w.signal = v_signal and w.vendor_id in (t.vendor_id, '00000000-0000-0000-0000-000000000000')
      order by w.vendor_id desc limit 1)
    into v_vendor, v_traits, v_weights, v_is_listed, v_strength
    from personalization.product_traits t
    join public.products p on p.id = t.product_id
    join public.vendors v on v.id = t.vendor_id
    where t.product_id = v_product;
    -- What is not on view is not there, but for whoever has dealt with it while it was. Asked by itself: a statement that
    -- names the partitions opens each of them, whether or not it comes to that.
    if not coalesce(v_is_listed, false) and not (v_vendor is not null and exists (
      select 1 from personalization.interactions i where i.subject_id = p_subject and i.product_id = v_product)) then
      return 'unknown_product';
    end if;
  end if;
  -- What is about no product counts nothing.
  v_strength := coalesce(v_strength, 0);

  if v_product is not null and (v_list is not null or p_event ? 'shown') then
    -- What the client says was shown is believed only where the list is not kept.
    select l.product_ids, coalesce(v_query, l.query) into v_shown, v_query
    from personalization.shown_lists l where l.id = v_list and (l.subject_id = p_subject or l.subject_id is null);
    v_shown := coalesce(v_shown, array(select value::uuid from jsonb_array_elements_text(p_event -> 'shown')));
    v_query := coalesce(v_query, p_event ->> 'query');
    if cardinality(v_shown) > 1 and v_strength > 0 then
      v_weights := personalization.chosen_weights(v_traits, v_weights, array_remove(v_shown, v_product));
      v_evidence := (select jsonb_object_agg(said.trait, said.weight) from unnest(v_traits, v_weights) said(trait, weight));
      v_place := array_position(v_shown, v_product);
      v_position := coalesce(v_position, v_place);
    end if;
  elsif v_query is not null and v_product is not null then
    v_weights := personalization.unasked(v_traits, v_weights, v_query);
    v_evidence := (select jsonb_object_agg(said.trait, said.weight) from unnest(v_traits, v_weights) said(trait, weight));
  end if;

  with counted as (
    insert into personalization.event_keys (event_id, received_at) values (v_id, p_now) on conflict do nothing returning event_id
  )
  insert into personalization.interactions (event_id, occurred_at, received_at, subject_id, signal, product_id, vendor_id, query,
    list_id, position, results_shown, quantity, strength, evidence, context, raw)
  select counted.event_id, v_at, p_now, p_subject, v_signal, v_product, v_vendor, v_query, v_list, v_position,
    (p_event ->> 'resultsShown')::smallint, v_quantity, v_strength, v_evidence, coalesce(p_event -> 'context', '{}'), p_event
  from counted;
  if not found then
    return 'duplicate';
  end if;
  if v_product is null then
    return 'recorded';
  end if;
  if v_strength <> 0 then
    perform personalization.add_evidence(p_subject, v_signal, v_strength, v_at, v_traits, v_weights);
  end if;
  if v_signal in ('purchase', 'repeat_purchase', 'bulk_purchase', 'subscription') then
    perform personalization.note_purchase(p_subject, v_product, v_quantity, v_at);
  end if;
  -- What was passed over is what stands above the choice in the list itself, the twenty nearest: a position may be counted over
  -- pages of which the list is one, and what lies far above a choice was hardly weighed against it.
  if v_place > 1 then
    perform personalization.skip_above(p_subject, coalesce(v_list, v_id), v_product, v_shown[greatest(v_place - 20, 1) : v_place - 1],
      v_traits, v_at);
  end if;
  return 'recorded';
end;
$$;
