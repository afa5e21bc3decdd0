-- Feature flags with percentage roll-outs, and the history of every change to one.
create table resilience.feature_flags (
  name text primary key,
  description text not null default '',
  is_enabled boolean not null default false,
  rollout_percent integer not null default 0,
  -- Public flags are evaluated for callers without the secret key.
  is_public boolean not null default false,
  allowed_subjects text[] not null default '{}',
  denied_subjects text[] not null default '{}',
  -- Given by the trigger below: never twice the same for one name, not even after a deletion.
  version integer not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint name_is_short_kebab_case check (name ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(name) <= 64),
  constraint description_is_short check (length(description) <= 500),
  constraint rollout_percent_is_a_percentage check (rollout_percent between 0 and 100),
  constraint subject_lists_are_short check (cardinality(allowed_subjects) <= 1000 and cardinality(denied_subjects) <= 1000),
  constraint no_subject_is_null check (
    array_position(allowed_subjects, null) is null and array_position(denied_subjects, null) is null
  ),
  constraint no_subject_is_both_allowed_and_denied check (not allowed_subjects && denied_subjects),
  constraint version_is_positive check (version > 0),
  constraint updated_at_is_not_before_created_at check (updated_at >= created_at)
);
comment on table resilience.feature_flags is 'Feature flags: on for a share of subjects, sticky by subject, off at once.';
alter table resilience.feature_flags enable row level security;
revoke all on resilience.feature_flags from public, anon, authenticated;
grant select, insert, update, delete on resilience.feature_flags to service_role;

-- No foreign key: a flag's history outlives it.
create table resilience.feature_flag_changes (
  id bigint generated always as identity primary key,
  flag_name text not null,
  version integer not null,
  changed_at timestamptz not null default clock_timestamp(),
  changed_by text not null,
  reason text,
  before jsonb,
  after jsonb,
  constraint reason_is_short check (length(reason) <= 500),
  constraint change_has_a_before_or_an_after check (before is not null or after is not null),
  constraint change_changes_something check (before is distinct from after),
  constraint a_flag_has_each_version_once unique (flag_name, version)
);
comment on table resilience.feature_flag_changes is 'Who changed a flag, when, why, and what it was before and after. Append-only.';
alter table resilience.feature_flag_changes enable row level security;
revoke all on resilience.feature_flag_changes from public, anon, authenticated;
grant select on resilience.feature_flag_changes to service_role;

-- Numbers a flag's versions. An update that changes nothing keeps the version, and so leaves no history.
create function resilience.number_feature_flag() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    select coalesce(max(change.version), 0) + 1 into new.version
      from resilience.feature_flag_changes as change where change.flag_name = new.name;
    return new;
  end if;
  if new.name <> old.name then
    raise exception 'Cannot rename a feature flag as subjects are placed by its name'
      using errcode = 'check_violation', constraint = 'flag_keeps_its_name';
  end if;
  new.version := old.version;
  new.created_at := old.created_at;
  new.updated_at := old.updated_at;
  if new is distinct from old then
    new.version := old.version + 1;
    new.updated_at := greatest(clock_timestamp(), old.updated_at);
  end if;
  return new;
end
$$;
revoke all on function resilience.number_feature_flag() from public;
create trigger number_feature_flag before insert or update on resilience.feature_flags
  for each row execute function resilience.number_feature_flag();

-- Records the change, whoever makes it: our functions say who and why, a person in psql is known by their role.
create function resilience.record_feature_flag_change() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  made_by text := coalesce(nullif(current_setting('resilience.changed_by', true), ''), 'role:' || session_user);
  made_because text := nullif(current_setting('resilience.change_reason', true), '');
begin
  if tg_op = 'DELETE' then
    insert into resilience.feature_flag_changes (flag_name, version, changed_by, reason, before, after)
      values (old.name, old.version + 1, made_by, made_because, to_jsonb(old), null);
  elsif tg_op = 'INSERT' then
    insert into resilience.feature_flag_changes (flag_name, version, changed_by, reason, before, after)
      values (new.name, new.version, made_by, made_because, null, to_jsonb(new));
  elsif new is distinct from old then
    insert into resilience.feature_flag_changes (flag_name, version, changed_by, reason, before, after)
      values (new.name, new.version, made_by, made_because, to_jsonb(old), to_jsonb(new));
  end if;
  return null;
end
$$;
revoke all on function resilience.record_feature_flag_change() from public;
create trigger record_feature_flag_change after insert or update or delete on resilience.feature_flags
  for each row execute function resilience.record_feature_flag_change();
