-- What is told to streams, kept for an hour so that whoever reconnects misses nothing. Streams go on from a version of the
-- profile. It is in the subject's row, which whoever learns holds locked: versions are seen in their order, without gaps, and a
-- version that has no row here - as nobody was listening, or it is older than an hour - is known to be missing. What is missing
-- is told by telling everything anew.

create table live.outbox (
  subject_id uuid not null,
  version bigint not null,
  product_ids uuid[] not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  primary key (subject_id, version),
  constraint version_is_counted check (version >= 1)
);
create index outbox_by_age on live.outbox (created_at);
create index listeners_by_end on live.listeners (until);
comment on table live.outbox is 'What profiles somebody listens to have learned from, version by version, for an hour.';

alter table live.outbox enable row level security;
revoke all on live.outbox from public, anon, authenticated;
grant select, insert, update, delete on live.outbox to service_role;
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
