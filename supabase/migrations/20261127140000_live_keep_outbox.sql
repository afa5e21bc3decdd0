-- What is told to streams, kept for an hour so that whoever reconnects misses nothing. Whoever writes for a subject holds the
-- lock of its row in personalization.subjects, so the ids of a subject come in the order in which they can be seen: a reader
-- that asks for what came after an id never skips one that commits late.

create table live.outbox (
  id bigint primary key generated always as identity,
  subject_id uuid not null,
  kind text not null,
  payload jsonb not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  constraint kind_is_known check (kind in ('profile'))
);
create index outbox_by_subject on live.outbox (subject_id, id);
create index outbox_by_age on live.outbox (created_at);
comment on table live.outbox is 'What changed for subjects that somebody listens for, for an hour.';

-- Up to which id was purged: whoever asks from before it is given everything anew.
create table live.outbox_horizon (
  is_only boolean primary key default true,
  purged_to bigint not null default 0,
  constraint horizon_is_one check (is_only)
);
insert into live.outbox_horizon default values;
comment on table live.outbox_horizon is 'Up to which id the outbox was purged.';

alter table live.outbox enable row level security;
alter table live.outbox_horizon enable row level security;
revoke all on live.outbox, live.outbox_horizon from public, anon, authenticated;
grant select, insert, update, delete on live.outbox, live.outbox_horizon to service_role;
insert into personalization.subject_tables (table_schema, table_name, subject_column, on_merge, is_exported) values
  ('live', 'outbox', 'subject_id', 'drop', false),
  ('live', 'listeners', 'subject_id', 'drop', false)
on conflict do nothing;

-- Removes what is older than an hour, and streams that were not heard of; gives how many rows of the outbox went.
create function live.purge(p_limit integer, p_is_dry_run boolean) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_gone integer;
begin
  if p_is_dry_run then
    return (select count(*) from live.outbox o where o.created_at < now() - interval '1 hour');
  end if;
  delete from live.outbox o where (o.subject_id, o.version) in (
    select old.subject_id, old.version from live.outbox old where old.created_at < now() - interval '1 hour'
    order by old.created_at limit p_limit for update skip locked);
  get diagnostics v_gone = row_count;
  delete from live.listeners l where (l.subject_id, l.stream_id) in (
    select gone.subject_id, gone.stream_id from live.listeners gone where gone.until < now() - interval '1 hour'
    order by gone.until limit p_limit for update skip locked);
  return v_gone;
end;
$$;
revoke execute on function live.purge(integer, boolean) from public;
grant execute on function live.purge(integer, boolean) to service_role;
comment on function live.purge(integer, boolean) is 'Removes what was told more than an hour ago.';
