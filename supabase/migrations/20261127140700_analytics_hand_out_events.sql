-- Pages of events for a sink, and what became of them.

-- Events as a warehouse is told of them: subjects by their pseudonyms, and nothing as the client has sent it but the context.
create function analytics.describe_events(p_ids uuid[], p_times timestamptz[]) returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
begin
  insert into analytics.pseudonyms (subject_id)
  select distinct i.subject_id from unnest(p_ids, p_times) wanted(id, at)
  join personalization.interactions i on i.event_id = wanted.id and i.occurred_at = wanted.at
  order by i.subject_id
  on conflict do nothing;
  return (select coalesce(jsonb_agg(jsonb_build_object(
      'event_id', i.event_id, 'signal', i.signal, 'occurred_at', i.occurred_at, 'received_at', i.received_at, 'subject', p.pseudonym,
      'product_id', i.product_id, 'vendor_id', i.vendor_id, 'query', i.query, 'list_id', i.list_id, 'position', i.position,
      'results_shown', i.results_shown, 'quantity', i.quantity, 'strength', i.strength, 'context', i.context::text
    ) order by wanted.place), '[]')
  from unnest(p_ids, p_times) with ordinality wanted(id, at, place)
  join personalization.interactions i on i.event_id = wanted.id and i.occurred_at = wanted.at
  join analytics.pseudonyms p on p.subject_id = i.subject_id);
end;
$$;
revoke execute on function analytics.describe_events(uuid[], timestamptz[]) from public;
grant execute on function analytics.describe_events(uuid[], timestamptz[]) to service_role;
comment on function analytics.describe_events(uuid[], timestamptz[]) is 'Events as warehouses are told of them.';

-- The next events of a sink, and where it stands after them. Changes nothing but rounds: who does not settle gets them again.
create function analytics.next_events(p_target text, p_limit integer) returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_sink analytics.sinks;
  v_ids uuid[];
  v_times timestamptz[];
  v_txs xid8[];
begin
  insert into analytics.sinks (target) values (p_target) on conflict do nothing;
  select * into v_sink from analytics.sinks where target = p_target for update;
  for v_turn in 1 .. 2 loop
    if v_sink.round is null then
      update analytics.sinks set round = pg_current_snapshot() where target = p_target returning * into v_sink;
    end if;
    select array_agg(page.event_id), array_agg(page.occurred_at), array_agg(page.tx) into v_ids, v_times, v_txs
    from (
      select i.event_id, i.occurred_at, i.tx from personalization.interactions i
      where i.tx >= pg_snapshot_xmin(v_sink.seen) and i.tx < pg_snapshot_xmax(v_sink.round)
        and not pg_visible_in_snapshot(i.tx, v_sink.seen) and pg_visible_in_snapshot(i.tx, v_sink.round)
        and (v_sink.at_tx is null or (i.tx >= v_sink.at_tx and (i.tx > v_sink.at_tx or i.event_id > v_sink.at_event)))
      order by i.tx, i.event_id limit p_limit
    ) page;
    exit when v_ids is not null;
    update analytics.sinks set seen = v_sink.round, round = null, at_tx = null, at_event = null
    where target = p_target returning * into v_sink;
  end loop;
  if v_ids is null then
    return null;
  end if;
  return jsonb_build_object('round', v_sink.round::text, 'events', analytics.describe_events(v_ids, v_times),
    'places', (select jsonb_object_agg(id, tx::text) from unnest(v_ids, v_txs) placed(id, tx)));
end;
$$;
revoke execute on function analytics.next_events(text, integer) from public;
grant execute on function analytics.next_events(text, integer) to service_role;
comment on function analytics.next_events(text, integer) is 'The next events of a sink that has settled those before.';

-- The page up to an event was sent, but for those that were refused. Refuses whoever was overtaken.
create function analytics.settle_events(p_target text, p_round text, p_tx text, p_event uuid, p_sent integer, p_refused jsonb)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  update analytics.sinks set at_tx = p_tx::xid8, at_event = p_event, sent = sent + p_sent,
    last_sent_at = case when p_sent > 0 then now() else last_sent_at end
  where target = p_target and round::text = p_round
    and (at_tx is null or p_tx::xid8 > at_tx or (p_tx::xid8 = at_tx and p_event > at_event));
  if not found then
    raise exception 'Cannot settle events of the sink as somebody else has by now' using errcode = 'BL409';
  end if;
  insert into analytics.parked_events (target, event_id, occurred_at, subject_id, reason)
  select p_target, i.event_id, i.occurred_at, i.subject_id, left(coalesce(nullif(refused.reason, ''), 'unknown'), 300)
  from jsonb_to_recordset(p_refused) refused(event_id uuid, occurred_at timestamptz, reason text)
  join personalization.interactions i on i.event_id = refused.event_id and i.occurred_at = refused.occurred_at
  on conflict (target, event_id) do nothing;
end;
$$;
revoke execute on function analytics.settle_events(text, text, text, uuid, integer, jsonb) from public;
grant execute on function analytics.settle_events(text, text, text, uuid, integer, jsonb) to service_role;
comment on function analytics.settle_events(text, text, text, uuid, integer, jsonb) is 'A page of events was sent; what was refused is parked.';

-- Parked events whose time has come. Those that are not kept any more are dropped.
create function analytics.due_events(p_target text, p_limit integer) returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_ids uuid[];
  v_times timestamptz[];
begin
  delete from analytics.parked_events e where e.target = p_target and e.next_try_at <= now()
    and not exists (select 1 from personalization.interactions i where i.event_id = e.event_id and i.occurred_at = e.occurred_at);
  select array_agg(due.event_id), array_agg(due.occurred_at) into v_ids, v_times
  from (select e.event_id, e.occurred_at from analytics.parked_events e
    where e.target = p_target and e.next_try_at <= now() order by e.next_try_at limit p_limit) due;
  return analytics.describe_events(coalesce(v_ids, '{}'), coalesce(v_times, '{}'));
end;
$$;
revoke execute on function analytics.due_events(text, integer) from public;
grant execute on function analytics.due_events(text, integer) to service_role;
comment on function analytics.due_events(text, integer) is 'Parked events that are to be tried again.';

create function analytics.settle_due(p_target text, p_ids uuid[], p_refused jsonb) returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  update analytics.parked_events e set tries = e.tries + 1, reason = left(coalesce(nullif(refused.reason, ''), 'unknown'), 300),
    next_try_at = now() + least(interval '1 minute' * 2 ^ least(e.tries, 20), interval '1 day')
  from jsonb_to_recordset(p_refused) refused(event_id uuid, reason text)
  where e.target = p_target and e.event_id = refused.event_id;
  delete from analytics.parked_events e where e.target = p_target and e.event_id = any (p_ids)
    and not exists (select 1 from jsonb_to_recordset(p_refused) refused(event_id uuid) where refused.event_id = e.event_id);
  update analytics.sinks set sent = sent + cardinality(p_ids) - jsonb_array_length(p_refused) where target = p_target;
end;
$$;
revoke execute on function analytics.settle_due(text, uuid[], jsonb) from public;
grant execute on function analytics.settle_due(text, uuid[], jsonb) to service_role;
comment on function analytics.settle_due(text, uuid[], jsonb) is 'Parked events were tried again.';
