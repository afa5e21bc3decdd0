-- Where each sink of events stands, what it did not take, and under which names it knows subjects.
create schema analytics;
comment on schema analytics is 'What is sent on to warehouses. Not exposed to the API.';
grant usage on schema analytics to service_role;

-- All that `seen` sees was sent. A round sends what `round` sees and `seen` does not, in the order of (tx, event_id).
create table analytics.sinks (
  target text primary key,
  seen pg_snapshot not null default '3:3:',
  round pg_snapshot,
  at_tx xid8,
  at_event uuid,
  sent bigint not null default 0,
  last_sent_at timestamptz,
  created_at timestamptz not null default now(),
  constraint target_is_short check (length(target) between 1 and 1000),
  constraint a_place_is_within_a_round check ((at_tx is null) = (at_event is null) and (at_tx is null or round is not null))
);
comment on table analytics.sinks is 'Where each sink stands. A new one is sent everything that is still kept.';

-- Ids alone: what is sent is read again, so an event that was erased meanwhile is not.
create table analytics.parked_events (
  target text not null references analytics.sinks (target) on delete cascade,
  event_id uuid not null,
  occurred_at timestamptz not null,
  subject_id uuid not null,
  reason text not null,
  tries integer not null default 1,
  next_try_at timestamptz not null default now() + interval '1 minute',
  parked_at timestamptz not null default now(),
  primary key (target, event_id),
  constraint reason_is_short check (length(reason) between 1 and 300)
);
create index parked_events_by_due on analytics.parked_events (target, next_try_at);
create index parked_events_by_subject on analytics.parked_events (subject_id);
comment on table analytics.parked_events is 'Events that a sink did not take: tried again, ever more rarely, for as long as they are kept.';

-- Whoever is erased loses theirs: nothing leads from what a warehouse has to a person any more.
create table analytics.pseudonyms (
  subject_id uuid primary key,
  pseudonym uuid not null unique default gen_random_uuid()
);
comment on table analytics.pseudonyms is 'Random names under which warehouses know subjects.';

alter table analytics.sinks enable row level security;
alter table analytics.parked_events enable row level security;
alter table analytics.pseudonyms enable row level security;
revoke all on analytics.sinks, analytics.parked_events, analytics.pseudonyms from public, anon, authenticated;
grant select, insert, update, delete on analytics.sinks, analytics.parked_events, analytics.pseudonyms to service_role;
insert into personalization.subject_tables (table_schema, table_name, subject_column, on_merge, is_exported) values
  ('analytics', 'parked_events', 'subject_id', 'move', false),
  ('analytics', 'pseudonyms', 'subject_id', 'drop', true)
on conflict do nothing;

insert into resilience.job_schedules (name, cron, function_name, lease_seconds, max_gap) values
  ('events-flush', '* * * * *', 'events-flush', 120, interval '30 minutes')
on conflict (name) do nothing;
