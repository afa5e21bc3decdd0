-- Rows that landed under other names than they were sent with, every value giving itself back. All that has to be kept of
-- one is its key and a fingerprint, so all rows of a plan and key shape that were noted together are one row here: a row
-- each in resilience.rescued_fields cost a write under a known drift half as much again as a clean one.

create table resilience.noted_rows (
  id uuid primary key,
  healing_id uuid not null,
  table_oid bigint not null,
  table_schema text not null,
  table_name text not null,
  parts text not null,
  rows text not null,
  key_hashes integer[] not null,
  schema_version text not null,
  writer_role text not null default session_user,
  noted_at timestamptz not null default clock_timestamp(),
  constraint some_row_is_noted check (cardinality(key_hashes) > 0),
  constraint schema_version_is_a_sha_256 check (schema_version ~ '^[0-9a-f]{64}$')
);
comment on table resilience.noted_rows is 'Keys and fingerprints of rows whose payload their columns tell, but for the names it came under; many rows to each.';
comment on column resilience.noted_rows.healing_id is 'The heal of their plan. No foreign key: purge_heals keeps a heal for as long as it is named here.';
comment on column resilience.noted_rows.parts is 'The keys of every payload in their order and the column of each, as JSON text.';
comment on column resilience.noted_rows.rows is 'A JSON list of [key of the row, fingerprint of the payload], in the order they landed in.';
comment on column resilience.noted_rows.key_hashes is 'By which a row is found: an index of every key took more time than all the rest, and only people look for a row.';
-- Nobody waits for these bytes to be made fewer: not compressing them halves the time a note takes.
alter table resilience.noted_rows alter column rows set storage external;
create index noted_rows_by_healing on resilience.noted_rows (healing_id, noted_at);
create index noted_rows_by_table on resilience.noted_rows (table_oid, noted_at);
create index noted_rows_by_age on resilience.noted_rows (noted_at);

alter table resilience.noted_rows enable row level security;
revoke all on resilience.noted_rows from public, anon, authenticated;
-- Locking a row takes the right to update it.
grant select, insert, update, delete on resilience.noted_rows to service_role;

-- Gives each noted row of a plan a record of its own, as one whose value is about to leave its column needs.
create function resilience.unpack_noted_rows(p_healing uuid) returns integer
language plpgsql volatile set search_path = ''
as $$
declare
  unpacked integer;
begin
  with packed as (
    delete from resilience.noted_rows where healing_id = p_healing returning *
  )
  insert into resilience.rescued_fields (id, healing_id, table_oid, table_schema, table_name, row_key, fields, open_fields,
    shape, schema_version, writer_role, writer_claims, rescued_at, landed_at, replayed_at)
  select gen_random_uuid(), heal.id, packed.table_oid, packed.table_schema, packed.table_name, noted.entry -> 0, '{}', '{}',
    '{"parts":' || packed.parts || ',"fingerprint":' || (noted.entry -> 1)::text || '}', packed.schema_version,
    packed.writer_role, '{}', packed.noted_at, packed.noted_at, packed.noted_at
  from packed
  left join resilience.healing_events heal on heal.id = packed.healing_id
  cross join lateral jsonb_array_elements(packed.rows::jsonb) as noted (entry);
  get diagnostics unpacked = row_count;
  return unpacked;
end
$$;

create function resilience.purge_noted_rows(p_before timestamptz, p_max_rows integer default 10000,
  p_is_dry_run boolean default false) returns integer
language sql volatile set search_path = ''
as $$
  with expired as (
    select id from resilience.noted_rows
    where noted_at < p_before order by noted_at limit p_max_rows for update skip locked
  ),
  purged as (
    delete from resilience.noted_rows noted using expired where noted.id = expired.id and not p_is_dry_run
  )
  select count(*)::integer from expired;
$$;
revoke execute on function resilience.unpack_noted_rows(uuid),
  resilience.purge_noted_rows(timestamptz, integer, boolean) from public;
grant execute on function resilience.unpack_noted_rows(uuid),
  resilience.purge_noted_rows(timestamptz, integer, boolean) to service_role;

-- As before, and a heal whose rows are noted stays too.
create or replace function resilience.purge_heals(p_before timestamptz, p_max_rows integer default 10000,
  p_is_dry_run boolean default false) returns integer
language sql volatile set search_path = ''
as $$
  with expired as (
    select heal.id from resilience.healing_events heal
    cross join lateral (select case when heal.evidence ->> 'plan' ~ '^[0-9a-f-]{36}$'
      then (heal.evidence ->> 'plan')::uuid else heal.id end as plan_id) plan
    where heal.healed_at < p_before
      and not exists (select from resilience.rescued_fields rescue where rescue.healing_id = plan.plan_id)
      and not exists (select from resilience.rescued_fields rescue where rescue.healing_id = heal.id)
      and not exists (select from resilience.noted_rows noted where noted.healing_id = plan.plan_id)
      and not exists (select from resilience.noted_rows noted where noted.healing_id = heal.id)
    order by heal.healed_at limit p_max_rows for update of heal skip locked
  ),
  purged as (
    delete from resilience.healing_events heal using expired where heal.id = expired.id and not p_is_dry_run
  )
  select count(*)::integer from expired;
$$;
