-- What healing has written down and nobody needs any more goes by its age, at most p_max_rows a call; a dry run only counts it.
-- What is still open
-- (fields set aside, letters that have not landed) is the only place where a value is: it never goes.

-- Heals, but for those that open fields or fields of a row without its confirmation still speak of. A heal stands for its
-- whole plan, so a heal of the same plan keeps the others.
create function resilience.purge_heals(p_before timestamptz, p_max_rows integer default 10000,
  p_is_dry_run boolean default false) returns integer
language sql volatile set search_path = ''
as $$
  with expired as (
    select heal.id from resilience.healing_events heal
    where heal.healed_at < p_before
      and not exists (select from resilience.rescued_fields rescue
        where rescue.healing_id = case when heal.evidence ->> 'plan' ~ '^[0-9a-f-]{36}$'
          then (heal.evidence ->> 'plan')::uuid else heal.id end)
      and not exists (select from resilience.rescued_fields rescue where rescue.healing_id = heal.id)
    order by heal.healed_at limit p_max_rows for update skip locked
  ),
  purged as (
    delete from resilience.healing_events heal using expired where heal.id = expired.id and not p_is_dry_run
  )
  select count(*)::integer from expired;
$$;

-- Records of rows of which every field stands in a column.
create function resilience.purge_rescued_fields(p_before timestamptz, p_max_rows integer default 10000,
  p_is_dry_run boolean default false) returns integer
language sql volatile set search_path = ''
as $$
  with expired as (
    select id from resilience.rescued_fields
    where rescued_at < p_before and replayed_at < p_before and landed_at is not null and open_fields = '{}'
    order by rescued_at limit p_max_rows for update skip locked
  ),
  purged as (
    delete from resilience.rescued_fields rescue using expired where rescue.id = expired.id and not p_is_dry_run
  )
  select count(*)::integer from expired;
$$;

-- Letters that have landed or were discarded.
create function resilience.purge_dead_letters(p_before timestamptz, p_max_rows integer default 10000,
  p_is_dry_run boolean default false) returns integer
language sql volatile set search_path = ''
as $$
  with expired as (
    select id from resilience.dead_letters
    where outcome is not null and replayed_at < p_before
    order by replayed_at limit p_max_rows for update skip locked
  ),
  purged as (
    delete from resilience.dead_letters letter using expired where letter.id = expired.id and not p_is_dry_run
  )
  select count(*)::integer from expired;
$$;

-- Questions to an advisor: after that long the same may be asked once more.
create function resilience.purge_ai_questions(p_before timestamptz, p_max_rows integer default 10000,
  p_is_dry_run boolean default false) returns integer
language sql volatile set search_path = ''
as $$
  with expired as (
    select table_oid, schema_hash, key_shape from resilience.ai_questions
    where asked_at < p_before order by asked_at limit p_max_rows for update skip locked
  ),
  purged as (
    delete from resilience.ai_questions question using expired
    where question.table_oid = expired.table_oid and question.schema_hash = expired.schema_hash
      and question.key_shape = expired.key_shape and not p_is_dry_run
  )
  select count(*)::integer from expired;
$$;

-- Locking a row takes the right to update it.
grant update on resilience.ai_questions to service_role;
revoke execute on function resilience.purge_heals(timestamptz, integer, boolean),
  resilience.purge_rescued_fields(timestamptz, integer, boolean), resilience.purge_dead_letters(timestamptz, integer, boolean),
  resilience.purge_ai_questions(timestamptz, integer, boolean) from public;
grant execute on function resilience.purge_heals(timestamptz, integer, boolean),
  resilience.purge_rescued_fields(timestamptz, integer, boolean), resilience.purge_dead_letters(timestamptz, integer, boolean),
  resilience.purge_ai_questions(timestamptz, integer, boolean) to service_role;
