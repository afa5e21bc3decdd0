-- The schema's own history: what it looked like, what changed, and a word to whoever listens when it changes.

create table resilience.schema_versions (
  version bigint generated always as identity primary key,
  hash text not null,
  snapshot jsonb not null,
  created_at timestamptz not null default now(),
  constraint hash_is_a_sha256 check (hash ~ '^[0-9a-f]{64}$')
);
comment on table resilience.schema_versions is 'Each schema that was seen, in the order it was seen; a schema that comes back is a new version.';

alter table resilience.schema_versions enable row level security;
grant select, insert on resilience.schema_versions to service_role;

create table resilience.schema_changes (
  id bigint generated always as identity primary key,
  version bigint not null references resilience.schema_versions (version) on delete cascade,
  kind text not null,
  severity text not null,
  subject text not null,
  table_oid bigint not null,
  part text,
  attnum integer,
  value_before text,
  value_after text,
  constraint severity_is_known check (severity in ('low', 'medium', 'high', 'critical'))
);
comment on table resilience.schema_changes is 'What each version changed of the one before it, told by the catalog''s own identity.';
create index schema_changes_by_version on resilience.schema_changes (version);
create index schema_changes_by_table on resilience.schema_changes (table_oid, attnum);

alter table resilience.schema_changes enable row level security;
grant select, insert on resilience.schema_changes to service_role;

-- Wakes listeners at commit. It says that something changed, never what: they read the catalog.
create function resilience.announce_schema_change() returns event_trigger
language plpgsql volatile set search_path = ''
as $$
begin
  perform pg_catalog.pg_notify('ballast_schema', '');
end
$$;
revoke all on function resilience.announce_schema_change() from public;

-- Event triggers take rights that not every host gives. Without them the fingerprint poll sees the change a little later.
do $$
begin
  create event trigger ballast_schema_changed on ddl_command_end
    execute function resilience.announce_schema_change();
  create event trigger ballast_schema_dropped on sql_drop
    execute function resilience.announce_schema_change();
exception when insufficient_privilege then
  raise notice 'Event triggers are not allowed here: schema changes are found by polling';
end
$$;
