-- What happened in the kernel, so that somebody who asks what broke, and what healed it, gets one answer. Isolates write
-- theirs together with their measurements, so what one of them knew last may be lost with it; what must not be lost (heals,
-- rescued fields, dead letters, changes of circuits, of the schema and of knobs) has tables of its own.
create table resilience.kernel_events (
  id bigint generated always as identity primary key,
  happened_at timestamptz not null,
  isolate text not null,
  function_name text not null default '',
  request_id text,
  kind text not null,
  -- What it happened to, such as a circuit's name or schema.table.
  subject text not null,
  -- Under which reference others may name it as their cause, and what it is blamed on: `kind:id`.
  ref text,
  cause text,
  cost_ms double precision,
  -- More than one where there were too many of the same to tell each.
  occurrences integer not null default 1,
  detail jsonb not null default '{}',
  constraint kind_is_a_short_word check (kind ~ '^[a-z][a-z_]{0,31}$'),
  constraint names_are_short check (length(isolate) between 1 and 200 and length(function_name) <= 100
    and length(request_id) <= 200 and length(subject) between 1 and 400),
  constraint references_have_a_kind check (ref ~ '^[a-z]+:.' and length(ref) <= 432
    and cause ~ '^[a-z]+:.' and length(cause) <= 432),
  constraint cost_is_not_negative check (cost_ms >= 0),
  constraint occurrences_are_positive check (occurrences > 0),
  constraint detail_is_a_small_object check (jsonb_typeof(detail) = 'object' and pg_column_size(detail) <= 4000)
);
create index kernel_events_by_age on resilience.kernel_events (happened_at);
create index kernel_events_by_request on resilience.kernel_events (request_id) where request_id is not null;
comment on table resilience.kernel_events is 'What the kernel did or met: trips, sheds, retries, fallbacks, heals and their kin, as isolates tell it.';
alter table resilience.kernel_events enable row level security;
revoke all on resilience.kernel_events from public, anon, authenticated;
grant select, insert, update, delete on resilience.kernel_events to service_role;
