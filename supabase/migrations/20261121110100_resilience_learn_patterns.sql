-- What healing has learned: for a table and a key as it was sent, the column it belongs in, and how often that was right.

create table resilience.healing_patterns (
  id uuid primary key default gen_random_uuid(),
  table_oid bigint not null,
  table_schema text not null,
  table_name text not null,
  key text not null,
  target_attnum integer not null,
  target_column text not null,
  strategy text not null,
  coercion text,
  schema_hash text not null,
  state text not null default 'probation',
  successes bigint not null default 0,
  failures bigint not null default 0,
  decided_by text,
  reason text,
  version integer not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp(),
  constraint state_is_known
    check (state in ('probation', 'active', 'demoted', 'rejected', 'expired', 'approved')),
  constraint only_an_operator_approves_or_rejects check (state not in ('approved', 'rejected') or decided_by is not null),
  constraint outcomes_are_counts check (successes >= 0 and failures >= 0),
  constraint key_and_strategy_are_said check (length(key) between 1 and 200 and strategy <> ''),
  constraint target_is_a_column check (target_attnum > 0),
  constraint schema_hash_is_a_sha_256 check (schema_hash ~ '^[0-9a-f]{64}$'),
  constraint version_is_positive check (version > 0),
  constraint changed_at_is_not_before_created_at check (changed_at >= created_at)
) with (fillfactor = 80);
comment on table resilience.healing_patterns is 'Learned mappings of a key to a column. Equal ones are one row; one that expired makes room for its successor.';
comment on column resilience.healing_patterns.strategy is 'Which evidence proposed it first. Two strategies that say the same are one pattern.';
comment on column resilience.healing_patterns.schema_hash is 'The schema for which it was last found to hold.';

create unique index healing_patterns_once on resilience.healing_patterns (table_oid, key, target_attnum, coercion)
  nulls not distinct where state <> 'expired';
create index healing_patterns_by_change on resilience.healing_patterns (changed_at);

alter table resilience.healing_patterns enable row level security;
revoke all on resilience.healing_patterns from public, anon, authenticated;
grant select, insert, update, delete on resilience.healing_patterns to service_role;

-- Adds outcomes to patterns: `[{id, successes, failures}]`, ids in any order and as often as they come. Counts are added,
-- never replaced, and rows are locked in one order, so that any number of isolates may tell at once.
create function resilience.record_pattern_outcomes(p_outcomes jsonb)
returns setof resilience.healing_patterns
language sql volatile strict set search_path = ''
as $$
  with told as (
    select o.id, sum(o.successes)::bigint as successes, sum(o.failures)::bigint as failures
    from jsonb_to_recordset(p_outcomes) as o (id uuid, successes bigint, failures bigint)
    group by o.id
  ),
  locked as materialized (
    select p.id from resilience.healing_patterns p
    where p.id in (select told.id from told) and p.state not in ('expired', 'rejected')
    order by p.id for update
  )
  update resilience.healing_patterns p
    set successes = p.successes + told.successes, failures = p.failures + told.failures, version = p.version + 1,
      changed_at = clock_timestamp()
    from told join locked on locked.id = told.id
    where p.id = told.id
    returning p.*;
$$;
revoke execute on function resilience.record_pattern_outcomes(jsonb) from public;
grant execute on function resilience.record_pattern_outcomes(jsonb) to service_role;
