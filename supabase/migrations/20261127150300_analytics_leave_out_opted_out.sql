-- Who opted out is told of to nobody: what they did before stays here, unused, and goes to no warehouse from then on, be it late, parked,
-- or to a sink that is new.

-- Events as a warehouse is told of them: subjects by their pseudonyms, and nothing as the client has sent it but the context.
create or replace function analytics.describe_events(p_ids uuid[], p_times timestamptz[]) returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
begin
  insert into analytics.pseudonyms (subject_id)
  select distinct i.subject_id from unnest(p_ids, p_times) wanted(id, at)
  join personalization.interactions i on i.event_id = wanted.id and i.occurred_at = wanted.at
  where not exists (select 1 from personalization.subjects s where s.id = i.subject_id and s.opted_out_at is not null)
  order by i.subject_id
  on conflict do nothing;
  return (select coalesce(jsonb_agg(jsonb_build_object(
      'event_id', i.event_id, 'signal', i.signal, 'occurred_at', i.occurred_at, 'received_at', i.received_at, 'subject', p.pseudonym,
      'product_id', i.product_id, 'vendor_id', i.vendor_id, 'query', i.query, 'list_id', i.list_id, 'position', i.position,
      'results_shown', i.results_shown, 'quantity', i.quantity, 'strength', i.strength, 'context', i.context::text
    ) order by wanted.place), '[]')
  from unnest(p_ids, p_times) with ordinality wanted(id, at, place)
  join personalization.interactions i on i.event_id = wanted.id and i.occurred_at = wanted.at
  join analytics.pseudonyms p on p.subject_id = i.subject_id
  where not exists (select 1 from personalization.subjects s where s.id = i.subject_id and s.opted_out_at is not null));
end;
$$;
revoke execute on function analytics.describe_events(uuid[], timestamptz[]) from public;
grant execute on function analytics.describe_events(uuid[], timestamptz[]) to service_role;
comment on function analytics.describe_events(uuid[], timestamptz[]) is 'Events as warehouses are told of them.';

-- Parked events whose time has come. Those that are not kept any more, or not to be used, are dropped.
create or replace function analytics.due_events(p_target text, p_limit integer) returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_ids uuid[];
  v_times timestamptz[];
begin
  delete from analytics.parked_events e where e.target = p_target and e.next_try_at <= now()
    and (not exists (select 1 from personalization.interactions i where i.event_id = e.event_id and i.occurred_at = e.occurred_at)
      or exists (select 1 from personalization.subjects s where s.id = e.subject_id and s.opted_out_at is not null));
  select array_agg(due.event_id), array_agg(due.occurred_at) into v_ids, v_times
  from (select e.event_id, e.occurred_at from analytics.parked_events e
    where e.target = p_target and e.next_try_at <= now() order by e.next_try_at limit p_limit) due;
  return analytics.describe_events(coalesce(v_ids, '{}'), coalesce(v_times, '{}'));
end;
$$;
revoke execute on function analytics.due_events(text, integer) from public;
grant execute on function analytics.due_events(text, integer) to service_role;
comment on function analytics.due_events(text, integer) is 'Parked events that are to be tried again.';
