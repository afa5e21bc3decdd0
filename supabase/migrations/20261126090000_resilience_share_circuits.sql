-- Circuits that isolates share, what isolates have told of them, and what became of them.
create table resilience.circuits (
  name text primary key,
  -- Counts the phases: whoever begins one says which one they have seen.
  epoch bigint not null default 0,
  phase text not null default 'closed',
  -- How often it has opened without closing between.
  trips integer not null default 0,
  -- Which step of the way back it is on.
  step integer,
  -- Who probes.
  holder text,
  until_at timestamptz,
  reason text,
  -- What a person has decided for all isolates, for as long as it stands.
  override text,
  override_reason text,
  changed_at timestamptz not null default clock_timestamp(),
  constraint name_is_short check (length(name) between 1 and 200),
  constraint epoch_is_not_negative check (epoch >= 0),
  constraint phase_is_known check (phase in ('closed', 'open', 'probing', 'ramping')),
  constraint trips_is_not_negative check (trips >= 0),
  constraint only_a_closed_circuit_has_no_end check ((phase = 'closed') = (until_at is null)),
  constraint only_a_ramping_circuit_has_a_step check ((phase = 'ramping') = (step is not null) and step >= 0),
  constraint only_a_probing_circuit_has_a_holder check ((phase = 'probing') = (holder is not null)),
  constraint reason_is_short check (length(reason) <= 500),
  constraint override_is_open_or_closed check (override in ('open', 'closed')),
  constraint override_reason_is_short check (length(override_reason) <= 500),
  constraint override_reason_has_an_override check (override is not null or override_reason is null)
);
comment on table resilience.circuits is
  'One row a circuit that was ever in trouble. To override it for all isolates: update override and override_reason.';
alter table resilience.circuits enable row level security;
revoke all on resilience.circuits from public, anon, authenticated;
grant select, insert, update, delete on resilience.circuits to service_role;

-- The latest word of each isolate. Only those that see failures say anything, and those that do not while others do.
create table resilience.circuit_reports (
  circuit text not null,
  isolate text not null,
  epoch bigint not null,
  calls integer not null,
  failures integer not null,
  -- It fails elsewhere too, so that its own word counts for nothing.
  is_doubtful boolean not null,
  reported_at timestamptz not null default clock_timestamp(),
  until_at timestamptz not null,
  primary key (circuit, isolate),
  constraint circuit_is_short check (length(circuit) between 1 and 200),
  constraint isolate_is_short check (length(isolate) between 1 and 200),
  constraint failures_are_among_the_calls check (failures between 0 and calls),
  constraint until_at_is_after_reported_at check (until_at > reported_at)
);
create index circuit_reports_until_at on resilience.circuit_reports (until_at);
comment on table resilience.circuit_reports is 'What isolates have seen of a dependency lately: votes on whether it is down.';
alter table resilience.circuit_reports enable row level security;
revoke all on resilience.circuit_reports from public, anon, authenticated;
grant select, insert, update, delete on resilience.circuit_reports to service_role;

create table resilience.circuit_changes (
  id bigint generated always as identity primary key,
  circuit text not null,
  changed_at timestamptz not null default clock_timestamp(),
  changed_by text not null,
  epoch bigint not null,
  phase text not null,
  trips integer not null,
  step integer,
  until_at timestamptz,
  reason text,
  override text,
  override_reason text,
  -- Who had told what when it was decided.
  votes jsonb
);
create index circuit_changes_circuit on resilience.circuit_changes (circuit, id);
create index circuit_changes_changed_at on resilience.circuit_changes (changed_at);
comment on table resilience.circuit_changes is 'What a circuit became, when, why and by whom. Append-only.';
alter table resilience.circuit_changes enable row level security;
revoke all on resilience.circuit_changes from public, anon, authenticated;
grant select on resilience.circuit_changes to service_role;

-- Records the change, whoever makes it: isolates and functions say who they are, a person in psql is known by their role.
create function resilience.record_circuit_change() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and new.epoch = old.epoch and new.override is not distinct from old.override
    and new.override_reason is not distinct from old.override_reason then
    return null;
  end if;
  insert into resilience.circuit_changes
      (circuit, changed_by, epoch, phase, trips, step, until_at, reason, override, override_reason, votes)
    select new.name, coalesce(nullif(current_setting('resilience.changed_by', true), ''), 'role:' || session_user),
      new.epoch, new.phase, new.trips, new.step, new.until_at, new.reason, new.override, new.override_reason,
      (select jsonb_agg(jsonb_build_object('isolate', report.isolate, 'calls', report.calls,
          'failures', report.failures, 'isDoubtful', report.is_doubtful) order by report.isolate)
        from resilience.circuit_reports report
        where report.circuit = new.name and report.epoch = new.epoch - 1 and report.until_at > clock_timestamp());
  return null;
end
$$;
revoke all on function resilience.record_circuit_change() from public;
create trigger record_circuit_change after insert or update on resilience.circuits
  for each row execute function resilience.record_circuit_change();

-- What operators, and later the tuner, set instead of a default: `circuit.<name>.<option>`, for one.
create table resilience.tuning_parameters (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz not null default clock_timestamp(),
  constraint name_is_a_dotted_path check (name ~ '^[a-z]+(\.[A-Za-z0-9_:-]+)+$' and length(name) <= 200),
  constraint value_is_a_plain_one check (jsonb_typeof(value) in ('number', 'boolean', 'string'))
);
comment on table resilience.tuning_parameters is 'Settings that replace defaults in all isolates within seconds.';
alter table resilience.tuning_parameters enable row level security;
revoke all on resilience.tuning_parameters from public, anon, authenticated;
grant select, insert, update, delete on resilience.tuning_parameters to service_role;

-- Forgets what has expired: reports that count no more and changes older than `p_before`. A dry run only counts.
create function resilience.purge_circuits(p_before timestamptz, p_max_rows integer default 10000,
  p_is_dry_run boolean default false) returns integer
language sql volatile set search_path = ''
as $$
  with expired_reports as (
    select circuit, isolate from resilience.circuit_reports
    where until_at < clock_timestamp() order by until_at limit p_max_rows for update skip locked
  ),
  purged_reports as (
    delete from resilience.circuit_reports report using expired_reports expired
    where report.circuit = expired.circuit and report.isolate = expired.isolate
      and report.until_at < clock_timestamp() and not p_is_dry_run
  ),
  expired_changes as (
    select id from resilience.circuit_changes where changed_at < p_before order by id limit p_max_rows
    for update skip locked
  ),
  purged_changes as (
    delete from resilience.circuit_changes change using expired_changes expired
    where change.id = expired.id and not p_is_dry_run
  )
  select (select count(*) from expired_reports)::integer + (select count(*) from expired_changes)::integer;
$$;
revoke all on function resilience.purge_circuits(timestamptz, integer, boolean) from public;
grant execute on function resilience.purge_circuits(timestamptz, integer, boolean) to service_role;
