-- The fleet: one row an isolate, touched at most once a second while it works.
create table resilience.isolates (
  id text primary key,
  region text not null,
  ballast_version text not null,
  deno_version text not null,
  -- By the isolate's own clock; the others by the database's, so the two are never compared.
  started_at timestamptz not null,
  first_seen_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  constraint id_is_short check (length(id) between 1 and 200),
  constraint region_is_short check (length(region) between 1 and 100),
  constraint versions_are_short check (length(ballast_version) <= 50 and length(deno_version) <= 50),
  constraint seen_at_is_not_before_first_seen_at check (seen_at >= first_seen_at)
);
comment on table resilience.isolates is 'Isolates that have reached the database, and when last. Rows long unseen may go.';
create index isolates_seen_at_index on resilience.isolates (seen_at);
alter table resilience.isolates enable row level security;
revoke all on resilience.isolates from public, anon, authenticated;
grant select, insert, update, delete on resilience.isolates to service_role;
