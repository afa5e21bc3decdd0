-- Rules of healing: what many fixes of different keys and tables have in common, such as that `kd` stands for `customer`.
-- A rule answers only while its knob (healing.rules.<id>) is on and it is a candidate still; see docs/healing-rules.md.
create table resilience.healing_rules (
  -- Made of what the rule says: the same rule is the same row, whoever finds it.
  id text primary key,
  kind text not null,
  -- Words, joined by a space; empty where words are added, dropped or reordered.
  from_words text not null default '',
  to_words text not null default '',
  -- schema.name of the one table it holds for; null: all.
  table_name text,
  state text not null default 'candidate',
  -- What the past says: different keys of tables that it explains, and that it would have got wrong.
  support integer not null,
  contradictions integer not null,
  tables integer not null,
  keys integer not null,
  lower_bound double precision not null,
  -- Some of the heals or patterns it was found in.
  sources text[] not null default '{}',
  -- What came of its own heals since it was found, or found again.
  successes bigint not null default 0,
  failures bigint not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  proven_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp(),
  constraint id_is_kind_and_hash check (id ~ '^(word|prefix|suffix|order|key)_[0-9a-f]{16}$' and id like kind || '\_%'),
  constraint state_is_known check (state in ('candidate', 'demoted', 'retired')),
  constraint words_are_bounded check (length(from_words) <= 400 and length(to_words) <= 400),
  constraint words_are_what_the_kind_needs check (case kind
    when 'order' then from_words = '' and to_words = ''
    when 'word' then from_words <> '' and to_words <> '' and from_words <> to_words
    when 'key' then from_words <> '' and to_words <> '' and from_words <> to_words
    else (from_words = '') <> (to_words = '') end),
  constraint table_name_is_bounded check (length(table_name) between 3 and 200),
  constraint proof_is_counts check (support >= 0 and contradictions >= 0 and tables >= 0 and keys >= 0),
  constraint lower_bound_is_a_share check (lower_bound between 0 and 1),
  constraint sources_are_few check (cardinality(sources) <= 20),
  constraint outcomes_are_counts check (successes >= 0 and failures >= 0),
  constraint changed_at_is_not_before_created_at check (changed_at >= created_at)
) with (fillfactor = 80);
comment on table resilience.healing_rules is 'Generalisations over heals, with what speaks for them. Without effect until their knob is on.';
create index healing_rules_by_state on resilience.healing_rules (state, changed_at);
alter table resilience.healing_rules enable row level security;
revoke all on resilience.healing_rules from public, anon, authenticated;
grant select, insert, update, delete on resilience.healing_rules to service_role;

-- Keeps rules that were found, and what speaks for them by now. One that was refuted or retired comes back only where its
-- row says so (`is_revivable`: its knob is off), a retired one only where more speaks for it than then; and with a clean
-- record, as what refuted it is part of the proof.
create function resilience.propose_healing_rules(p_rules jsonb) returns setof resilience.healing_rules
language plpgsql volatile strict set search_path = ''
as $$
begin
  return query
    with given as (
      select r.* from jsonb_to_recordset(p_rules) as r (id text, kind text, from_words text, to_words text, table_name text,
        support integer, contradictions integer, tables integer, keys integer, lower_bound double precision, sources jsonb,
        is_revivable boolean)
    ),
    locked as materialized (
      select rule.id, rule.state, rule.support from resilience.healing_rules rule
      where rule.id in (select given.id from given) order by rule.id for update
    ),
    revived as (
      select given.id from given join locked on locked.id = given.id
      where given.is_revivable and (locked.state = 'demoted' or locked.state = 'retired' and given.support > locked.support)
    )
    insert into resilience.healing_rules as rule
      (id, kind, from_words, to_words, table_name, support, contradictions, tables, keys, lower_bound, sources)
    select g.id, g.kind, g.from_words, g.to_words, g.table_name, g.support, g.contradictions, g.tables, g.keys, g.lower_bound,
      array(select jsonb_array_elements_text(g.sources) limit 20)
    from given g
    where not exists (select from locked where locked.id = g.id and locked.state <> 'candidate')
      or g.id in (select revived.id from revived)
    order by g.id
    on conflict (id) do update set
      support = excluded.support, contradictions = excluded.contradictions, tables = excluded.tables, keys = excluded.keys,
      lower_bound = excluded.lower_bound, sources = excluded.sources, state = 'candidate',
      successes = case when rule.state = 'candidate' then rule.successes else 0 end,
      failures = case when rule.state = 'candidate' then rule.failures else 0 end,
      proven_at = clock_timestamp(), changed_at = clock_timestamp()
    returning rule.*;
end
$$;

-- Adds outcomes to rules: `[{id, successes, failures}]`, as often as they come. Counts are added and rows locked in one order.
create function resilience.record_rule_outcomes(p_outcomes jsonb) returns setof resilience.healing_rules
language sql volatile strict set search_path = ''
as $$
  with told as (
    select o.id, sum(o.successes)::bigint as successes, sum(o.failures)::bigint as failures
    from jsonb_to_recordset(p_outcomes) as o (id text, successes bigint, failures bigint)
    group by o.id
  ),
  locked as materialized (
    select rule.id from resilience.healing_rules rule
    where rule.id in (select told.id from told) order by rule.id for update
  )
  update resilience.healing_rules rule
    set successes = rule.successes + told.successes, failures = rule.failures + told.failures,
      changed_at = clock_timestamp()
    from told join locked on locked.id = told.id
    where rule.id = told.id
    returning rule.*;
$$;

-- Silences rules that were refuted, and with them the patterns that their heals have founded: what they proved was that rows
-- land, and they would go on saying what the rule said.
create function resilience.demote_healing_rules(p_ids text[]) returns integer
language sql volatile strict set search_path = ''
as $$
  with demoted as (
    update resilience.healing_rules rule set state = 'demoted', changed_at = clock_timestamp()
    where rule.id = any (p_ids) and rule.state = 'candidate' returning rule.id
  ),
  founded as (
    update resilience.healing_patterns pattern
    set state = 'demoted', version = pattern.version + 1, changed_at = clock_timestamp(), decided_at = clock_timestamp()
    where pattern.strategy = 'rule' and pattern.state in ('probation', 'active') and exists (
      select from resilience.healing_events heal
      where heal.strategy = 'rule' and heal.table_oid = pattern.table_oid and heal.from_name = pattern.key
        and heal.to_name = pattern.target_column and heal.evidence -> 'rules' ?| (select array_agg(demoted.id) from demoted))
    returning pattern.id
  )
  select (select count(*) from demoted)::integer + 0 * (select count(*) from founded)::integer;
$$;

-- Rules that nobody wants any longer go by their age; a candidate stays, and so does a refuted one for as long.
create function resilience.purge_healing_rules(p_before timestamptz, p_max_rows integer default 10000,
  p_is_dry_run boolean default false) returns integer
language sql volatile set search_path = ''
as $$
  with expired as (
    select id from resilience.healing_rules
    where state in ('retired', 'demoted') and changed_at < p_before
    order by changed_at limit p_max_rows for update skip locked
  ),
  purged as (
    delete from resilience.healing_rules rule using expired where rule.id = expired.id and not p_is_dry_run
  )
  select count(*)::integer from expired;
$$;
revoke execute on function resilience.propose_healing_rules(jsonb), resilience.record_rule_outcomes(jsonb),
  resilience.demote_healing_rules(text[]), resilience.purge_healing_rules(timestamptz, integer, boolean) from public;
grant execute on function resilience.propose_healing_rules(jsonb), resilience.record_rule_outcomes(jsonb),
  resilience.demote_healing_rules(text[]), resilience.purge_healing_rules(timestamptz, integer, boolean) to service_role;
