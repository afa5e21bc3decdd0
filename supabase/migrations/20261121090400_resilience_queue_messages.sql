-- A message queue in plain Postgres: at-least-once delivery, visibility timeouts, dead letters. Where pgmq exists it does
-- the same behind the same port.

-- Messages come and go: vacuum early, and leave room in each page.
create table resilience.queue_messages (
  id bigint generated always as identity primary key,
  queue text not null,
  payload jsonb not null,
  enqueued_at timestamptz not null default clock_timestamp(),
  visible_at timestamptz not null default clock_timestamp(),
  read_ct integer not null default 0,
  last_error text,
  constraint queue_is_a_slug check (queue ~ '^[a-z][a-z0-9_]{0,46}$'),
  constraint read_ct_is_not_negative check (read_ct >= 0)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
comment on table resilience.queue_messages is 'Messages on their way; hidden until `visible_at` while somebody works on them.';

-- The read path: one range scan in delivery order, which ends at the limit and never meets a hidden message.
create index queue_messages_in_delivery_order on resilience.queue_messages (queue, visible_at, id);

create table resilience.queue_dead_letters (
  id bigint generated always as identity primary key,
  queue text not null,
  message_id bigint not null,
  payload jsonb not null,
  enqueued_at timestamptz not null,
  read_ct integer not null,
  reason text not null,
  last_error text,
  died_at timestamptz not null default clock_timestamp(),
  constraint reason_is_not_empty check (reason <> '')
);
comment on table resilience.queue_dead_letters is 'Messages that were given up, whole: they can be sent again.';
create index queue_dead_letters_by_queue on resilience.queue_dead_letters (queue, died_at);
create index queue_dead_letters_by_age on resilience.queue_dead_letters (died_at);

alter table resilience.queue_messages enable row level security;
alter table resilience.queue_dead_letters enable row level security;
revoke all on resilience.queue_messages, resilience.queue_dead_letters from public, anon, authenticated;
grant select, insert, update, delete on resilience.queue_messages, resilience.queue_dead_letters to service_role;

-- Sends each element of the array `p_payloads` as a message and gives their ids in order. Called in the transaction that
-- changes the data, the message exists if and only if the change does.
create function resilience.send_messages(p_queue text, p_payloads jsonb, p_delay_ms integer default 0)
returns setof bigint
language sql
volatile
set search_path = ''
as $$
  insert into resilience.queue_messages (queue, payload, enqueued_at, visible_at)
    select p_queue, item.payload, statement_timestamp(), statement_timestamp() + make_interval(secs => p_delay_ms / 1000.0)
    from jsonb_array_elements(p_payloads) with ordinality as item (payload, place) order by item.place
    returning id;
$$;
revoke execute on function resilience.send_messages(text, jsonb, integer) from public;
grant execute on function resilience.send_messages(text, jsonb, integer) to service_role;

-- Takes up to `p_limit` messages, roughly first in, first out, and hides them from others for `p_visibility_ms`. One that
-- was read `p_max_reads` times already is buried instead and comes back as `is_dead`. All in one statement.
create function resilience.read_messages(p_queue text, p_visibility_ms integer, p_limit integer, p_max_reads integer)
returns table (id bigint, payload jsonb, read_ct integer, enqueued_at timestamptz, is_dead boolean)
language sql
volatile
set search_path = ''
as $$
  -- statement_timestamp() is stable, so that the index can use it; clock_timestamp() would make this read a full scan.
  with picked as materialized (
    select m.id, m.read_ct >= p_max_reads as is_dead from resilience.queue_messages m
    where m.queue = p_queue and m.visible_at <= statement_timestamp()
    order by m.visible_at, m.id
    limit p_limit
    for update skip locked
  ),
  dead as (
    delete from resilience.queue_messages m using picked
    where m.id = picked.id and picked.is_dead
    returning m.*
  ),
  buried as (
    insert into resilience.queue_dead_letters (queue, message_id, payload, enqueued_at, read_ct, reason, last_error)
    select dead.queue, dead.id, dead.payload, dead.enqueued_at, dead.read_ct, 'read_too_often', dead.last_error from dead
  ),
  taken as (
    update resilience.queue_messages m
    set read_ct = m.read_ct + 1, visible_at = clock_timestamp() + make_interval(secs => p_visibility_ms / 1000.0)
    from picked
    where m.id = picked.id and not picked.is_dead
    returning m.*
  )
  select taken.id, taken.payload, taken.read_ct, taken.enqueued_at, false from taken
  union all
  select dead.id, dead.payload, dead.read_ct, dead.enqueued_at, true from dead
  order by 1;
$$;
revoke execute on function resilience.read_messages(text, integer, integer, integer) from public;
grant execute on function resilience.read_messages(text, integer, integer, integer) to service_role;

-- Removes messages that are done, whoever holds them by now: done is done. Gives the ids that were still there.
create function resilience.delete_messages(p_queue text, p_ids jsonb)
returns setof bigint
language sql
volatile
set search_path = ''
as $$
  delete from resilience.queue_messages m
    using jsonb_array_elements_text(p_ids) as wanted (id)
    where m.id = wanted.id::bigint and m.queue = p_queue
    returning m.id;
$$;
revoke execute on function resilience.delete_messages(text, jsonb) from public;
grant execute on function resilience.delete_messages(text, jsonb) to service_role;

-- Hides messages for another `p_visibility_ms` from now, 0 to give them back. A handle is `[id, read_ct]`: once somebody else
-- has read the message, the old handle changes nothing. `p_is_untried` takes the read back: it does not count as a failure.
create function resilience.set_message_visibility(
  p_queue text,
  p_handles jsonb,
  p_visibility_ms integer,
  p_error text default null,
  p_is_untried boolean default false
)
returns setof bigint
language sql
volatile
set search_path = ''
as $$
  update resilience.queue_messages m
    set visible_at = clock_timestamp() + make_interval(secs => p_visibility_ms / 1000.0),
      last_error = coalesce(p_error, m.last_error),
      read_ct = m.read_ct - case when p_is_untried then 1 else 0 end
    from jsonb_array_elements(p_handles) as handle (pair)
    where m.id = (handle.pair ->> 0)::bigint and m.read_ct = (handle.pair ->> 1)::integer and m.queue = p_queue
    returning m.id;
$$;
revoke execute on function resilience.set_message_visibility(text, jsonb, integer, text, boolean) from public;
grant execute on function resilience.set_message_visibility(text, jsonb, integer, text, boolean) to service_role;

-- Gives messages up: they move to the dead letters with the reason. Handles as above.
create function resilience.bury_messages(p_queue text, p_handles jsonb, p_reason text, p_error text default null)
returns setof bigint
language sql
volatile
set search_path = ''
as $$
  with dead as (
    delete from resilience.queue_messages m
    using jsonb_array_elements(p_handles) as handle (pair)
    where m.id = (handle.pair ->> 0)::bigint and m.read_ct = (handle.pair ->> 1)::integer and m.queue = p_queue
    returning m.*
  )
  insert into resilience.queue_dead_letters (queue, message_id, payload, enqueued_at, read_ct, reason, last_error)
    select dead.queue, dead.id, dead.payload, dead.enqueued_at, dead.read_ct, p_reason, coalesce(p_error, dead.last_error)
    from dead
    returning message_id;
$$;
revoke execute on function resilience.bury_messages(text, jsonb, text, text) from public;
grant execute on function resilience.bury_messages(text, jsonb, text, text) to service_role;

-- Sends dead letters (their own ids) to their queue again, as new messages.
create function resilience.requeue_dead_letters(p_queue text, p_ids jsonb)
returns setof bigint
language sql
volatile
set search_path = ''
as $$
  with risen as (
    delete from resilience.queue_dead_letters d
    using jsonb_array_elements_text(p_ids) as wanted (id)
    where d.id = wanted.id::bigint and d.queue = p_queue
    returning d.id, d.queue, d.payload
  )
  insert into resilience.queue_messages (queue, payload)
    select risen.queue, risen.payload from risen order by risen.id
    returning id;
$$;
revoke execute on function resilience.requeue_dead_letters(text, jsonb) from public;
grant execute on function resilience.requeue_dead_letters(text, jsonb) to service_role;

-- How each queue does: what waits, what is hidden (in work or delayed), how old the oldest waiting message is, what died.
create function resilience.queue_health()
returns table (queue text, waiting bigint, hidden bigint, oldest_waiting_at timestamptz, dead bigint)
language sql
stable
set search_path = ''
as $$
  select coalesce(alive.queue, gone.queue), coalesce(alive.waiting, 0), coalesce(alive.hidden, 0), alive.oldest,
    coalesce(gone.dead, 0)
  from (
    select m.queue, count(*) filter (where m.visible_at <= statement_timestamp()) as waiting,
      count(*) filter (where m.visible_at > statement_timestamp()) as hidden,
      min(m.enqueued_at) filter (where m.visible_at <= statement_timestamp()) as oldest
    from resilience.queue_messages m group by m.queue
  ) alive
  full join (
    select d.queue, count(*) as dead from resilience.queue_dead_letters d group by d.queue
  ) gone on gone.queue = alive.queue
  order by 1;
$$;
revoke execute on function resilience.queue_health() from public;
grant execute on function resilience.queue_health() to service_role;
