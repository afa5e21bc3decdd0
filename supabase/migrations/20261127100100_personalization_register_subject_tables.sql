-- Where else something is kept of a subject. Exports, erasures and merges of profiles go through this register, so that none
-- of them has to know the tables of other parts of the suite: a migration that makes such a table adds its row here.
create table personalization.subject_tables (
  table_schema text not null,
  table_name text not null,
  subject_column text not null,
  -- What a merge does to a session's rows: they become the user's, or they go.
  on_merge text not null default 'move',
  -- Left out of exports: bookkeeping that says nothing of its subject.
  is_exported boolean not null default true,
  primary key (table_schema, table_name),
  constraint merge_is_known check (on_merge in ('move', 'drop'))
);
alter table personalization.subject_tables enable row level security;
revoke all on personalization.subject_tables from public, anon, authenticated;
grant select, insert, update, delete on personalization.subject_tables to service_role;
comment on table personalization.subject_tables is
  'Tables that keep something of a subject. A merge moves rows that do not clash with one of the user''s; those that do go.';
