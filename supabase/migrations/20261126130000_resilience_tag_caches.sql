-- Which tags of caches were dropped, and by which transaction. Isolates read once a second what was dropped since their
-- last look, so that what one of them changes is forgotten by all. "Since" cannot be a time or a sequence: a transaction
-- that commits late would have an earlier one than what has been read by then, and be missed. A transaction's id and the
-- snapshot of a look say exactly what that look has seen, as they do for Postgres itself.

create table resilience.cache_tags (
  tag text primary key,
  version bigint not null default 1,
  changed_at timestamptz not null default clock_timestamp(),
  -- Who dropped it last. Droppers of one tag wait for each other, so whoever sees this one sees all before it.
  changed_xid xid8 not null default pg_current_xact_id(),
  constraint tag_is_short check (length(tag) between 1 and 200),
  constraint version_counts_drops check (version >= 1)
);
create index cache_tags_by_transaction on resilience.cache_tags (changed_xid);
create index cache_tags_by_age on resilience.cache_tags (changed_at);
comment on table resilience.cache_tags is 'Tags of caches that were dropped. No row: never, or long ago.';
comment on column resilience.cache_tags.version is 'How often it was dropped.';
comment on column resilience.cache_tags.changed_xid is 'The transaction that dropped it last: what was cached under a snapshot that does not see it is out of date.';

alter table resilience.cache_tags enable row level security;
revoke all on resilience.cache_tags from public, anon, authenticated;
grant select, insert, update, delete on resilience.cache_tags to service_role;

-- Drops what is cached under these tags, in all isolates, once the caller's transaction has committed. Gives the
-- transaction's id. The order of the rows is the order of their locks, so that droppers of several tags do not deadlock.
create function resilience.drop_cache_tags(p_tags text[]) returns text
language sql
volatile strict
set search_path = ''
as $$
  insert into resilience.cache_tags as kept (tag)
  select distinct wanted.tag from unnest(p_tags) wanted(tag) order by wanted.tag
  on conflict (tag) do update set version = kept.version + 1, changed_at = clock_timestamp(),
    changed_xid = pg_current_xact_id();
  select pg_current_xact_id()::text;
$$;
revoke execute on function resilience.drop_cache_tags(text[]) from public;
grant execute on function resilience.drop_cache_tags(text[]) to service_role;
comment on function resilience.drop_cache_tags(text[]) is
  'Drops what is cached under these tags in all isolates, once the transaction has committed.';

create function resilience.drop_cache_tag(p_tag text) returns void
language sql
volatile strict
set search_path = ''
as $$
  select resilience.drop_cache_tags(array[p_tag]);
$$;
revoke execute on function resilience.drop_cache_tag(text) from public;
grant execute on function resilience.drop_cache_tag(text) to service_role;
comment on function resilience.drop_cache_tag(text) is
  'Drops what is cached under this tag in all isolates, once the transaction has committed. For triggers and statements.';

-- What was dropped by transactions from p_since on, the latest first, and the snapshot that says which of them this look
-- has seen. Whoever asks again gives the oldest transaction that was under way: nothing that commits late is missed.
create function resilience.read_cache_tags(p_since text, p_limit integer) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'snapshot', pg_current_snapshot()::text,
    'drops', coalesce((
      select jsonb_agg(jsonb_build_array(dropped.tag, dropped.changed_xid::text))
      from (
        select tags.tag, tags.changed_xid from resilience.cache_tags tags
        where tags.changed_xid >= coalesce(p_since, '0')::xid8
        order by tags.changed_xid desc limit p_limit
      ) dropped
    ), '[]')
  );
$$;
revoke execute on function resilience.read_cache_tags(text, integer) from public;
grant execute on function resilience.read_cache_tags(text, integer) to service_role;
comment on function resilience.read_cache_tags(text, integer) is
  'What was dropped since, and the snapshot under which that was read.';

-- Forgets tags that nothing still cached can have been loaded before: caches keep nothing for longer than a day.
create function resilience.purge_cache_tags(p_before timestamptz, p_limit integer, p_is_dry_run boolean) returns integer
language sql
volatile strict
set search_path = ''
as $$
  with doomed as materialized (
    select tags.tag from resilience.cache_tags tags
    where tags.changed_at < p_before order by tags.changed_at limit p_limit
    for update skip locked
  ),
  gone as (
    delete from resilience.cache_tags tags using doomed where tags.tag = doomed.tag and not p_is_dry_run
  )
  select count(*)::integer from doomed;
$$;
revoke execute on function resilience.purge_cache_tags(timestamptz, integer, boolean) from public;
grant execute on function resilience.purge_cache_tags(timestamptz, integer, boolean) to service_role;
comment on function resilience.purge_cache_tags(timestamptz, integer, boolean) is
  'Forgets tags that were dropped before a time.';
