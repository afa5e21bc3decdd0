-- Knobs: what may be turned while the code runs, how far, and what is being tried on a share of the isolates. A row with a
-- name and a value alone, written by hand, goes on counting as before; the code registers the rest when it first turns one.

-- Does a knob of this kind allow the value?
create function resilience.is_knob_value(p_kind text, p_value jsonb, p_lowest double precision,
  p_highest double precision, p_choices text[]) returns boolean
language sql immutable parallel safe set search_path = ''
as $$
  select coalesce(
    case
      when p_kind in ('number', 'integer') and jsonb_typeof(p_value) = 'number' then
        (p_value #>> '{}')::numeric between p_lowest::numeric and p_highest::numeric
        and (p_kind = 'number' or (p_value #>> '{}')::numeric = trunc((p_value #>> '{}')::numeric))
      when p_kind = 'choice' and jsonb_typeof(p_value) = 'string' then (p_value #>> '{}') = any (p_choices)
      when p_kind = 'switch' then jsonb_typeof(p_value) = 'boolean'
      else false
    end, false);
$$;
revoke execute on function resilience.is_knob_value(text, jsonb, double precision, double precision, text[]) from public;
grant execute on function resilience.is_knob_value(text, jsonb, double precision, double precision, text[]) to service_role;

alter table resilience.tuning_parameters
  -- Null: the default counts.
  alter column value drop not null,
  add column kind text,
  add column default_value jsonb,
  add column lowest double precision,
  add column highest double precision,
  -- How far one step of tuning goes: {"factor": 2} or {"amount": 1}.
  add column step jsonb,
  add column choices text[],
  add column owner text,
  add column summary text not null default '',
  -- A person has narrowed the bounds: the code does not widen them again.
  add column are_bounds_by_hand boolean not null default false,
  -- False: the optimizer leaves it alone.
  add column is_tunable boolean not null default true,
  add column pinned_by text,
  add column pin_reason text,
  add column pinned_at timestamptz,
  -- Null while pinned: for ever.
  add column pinned_until timestamptz,
  add column trial_id bigint,
  add column trial_value jsonb,
  add column trial_share double precision,
  add column trial_began_at timestamptz,
  -- From then on isolates no longer heed the trial, though nobody had ended it.
  add column trial_until timestamptz,
  add constraint kind_is_known check (kind in ('number', 'integer', 'choice', 'switch')),
  add constraint only_numbers_have_bounds_and_a_step check (
    num_nonnulls(lowest, highest, step) = case when kind in ('number', 'integer') then 3 else 0 end),
  add constraint bounds_are_finite_and_in_order check (
    lowest > '-Infinity' and highest < 'Infinity' and lowest <= highest),
  add constraint step_is_a_factor_or_an_amount check (
    jsonb_typeof(step) = 'object' and ((step ->> 'factor')::double precision > 1 or (step ->> 'amount')::double precision > 0)),
  add constraint only_choices_have_choices check ((kind is not distinct from 'choice') = (choices is not null)
    and cardinality(choices) between 1 and 50),
  add constraint whoever_has_a_kind_has_a_default check ((kind is null) = (default_value is null)),
  add constraint a_row_without_a_kind_has_a_value check (kind is not null or value is not null),
  add constraint default_lies_within_the_bounds check (
    kind is null or resilience.is_knob_value(kind, default_value, lowest, highest, choices)),
  add constraint value_lies_within_the_bounds check (
    kind is null or value is null or resilience.is_knob_value(kind, value, lowest, highest, choices)),
  add constraint a_trial_is_whole check (num_nonnulls(trial_id, trial_value, trial_share, trial_began_at, trial_until) in (0, 5)),
  add constraint trial_value_lies_within_the_bounds check (
    trial_id is null or coalesce(resilience.is_knob_value(kind, trial_value, lowest, highest, choices), false)),
  add constraint trial_share_is_at_most_half check (trial_share > 0 and trial_share <= 0.5),
  add constraint a_trial_ends check (trial_until > trial_began_at and trial_until <= trial_began_at + interval '14 days'),
  add constraint a_pin_says_who_and_why check (num_nonnulls(pinned_by, pin_reason, pinned_at) in (0, 3)
    and (pinned_until is null or pinned_until > pinned_at)),
  add constraint nothing_is_tried_on_what_is_pinned_or_opted_out check (
    trial_id is null or (pinned_by is null and is_tunable)),
  add constraint texts_are_short check (length(summary) <= 300 and length(owner) <= 100
    and length(pinned_by) <= 200 and length(pin_reason) <= 500 and length(value #>> '{}') <= 200);
comment on table resilience.tuning_parameters is
  'Knobs: what replaces a default in all isolates within seconds, its bounds, and what is on trial. Set optimizer.is_enabled to false to stop all tuning.';

-- No foreign key: the history outlives its knob.
create table resilience.tuning_changes (
  id bigint generated always as identity primary key,
  knob text not null,
  changed_at timestamptz not null default clock_timestamp(),
  changed_by text not null,
  reason text,
  before jsonb,
  after jsonb,
  constraint change_changes_something check (before is distinct from after),
  constraint reason_is_short check (length(reason) <= 1000)
);
create index tuning_changes_knob on resilience.tuning_changes (knob, id);
create index tuning_changes_changed_at on resilience.tuning_changes (changed_at);
comment on table resilience.tuning_changes is 'Who turned a knob, when, why, and what it was before and after. Append-only.';
alter table resilience.tuning_changes enable row level security;
revoke all on resilience.tuning_changes from public, anon, authenticated;
grant select on resilience.tuning_changes to service_role;

-- One row a proposal, from the first idea to its end.
create table resilience.optimization_log (
  id bigint generated always as identity primary key,
  knob text not null,
  rule text not null,
  state text not null default 'proposed',
  -- 'up', 'down', or 'to:<value>' where there is no order.
  direction text not null,
  -- What the knob held for the fleet, and what its row said: null where the default counted.
  before jsonb not null,
  row_value jsonb,
  after jsonb not null,
  evidence jsonb not null default '{}',
  -- {name, better, before, after, lower, upper}
  expected jsonb not null,
  shadow jsonb,
  -- {treated, rest, difference, lower, upper, verdict, ...}, as far as it was seen.
  measured jsonb,
  -- The same of the window after it was kept.
  guard jsonb,
  share double precision,
  window_ms bigint,
  -- Zero: those it will be tried on are measured as they are, for what sets them apart without it.
  windows integer not null default 0,
  reason text not null,
  decided_by text not null,
  proposed_at timestamptz not null default clock_timestamp(),
  lead_began_at timestamptz,
  trial_began_at timestamptz,
  window_ends_at timestamptz,
  kept_at timestamptz,
  guard_ends_at timestamptz,
  guarded_at timestamptz,
  -- Null while something of it is still to be done.
  ended_at timestamptz,
  constraint state_is_known check (state in
    ('proposed', 'shadowed', 'on_trial', 'kept', 'reverted', 'abandoned', 'refused', 'vetoed', 'undone')),
  constraint names_are_short check (length(knob) <= 200 and length(rule) between 1 and 100 and length(direction) <= 300),
  constraint a_change_changes_something check (before <> after),
  constraint what_is_told_is_small check (pg_column_size(evidence) <= 8000 and pg_column_size(expected) <= 2000
    and pg_column_size(shadow) <= 8000 and pg_column_size(measured) <= 4000 and pg_column_size(guard) <= 4000
    and length(reason) between 1 and 1000 and length(decided_by) between 1 and 200),
  constraint a_trial_has_a_window check (
    state <> 'on_trial' or num_nonnulls(share, window_ms, lead_began_at, window_ends_at) = 4),
  constraint a_trial_is_led_in check ((windows = 0) = (trial_began_at is null) and trial_began_at > lead_began_at),
  constraint two_windows_at_most check (windows between 0 and 2),
  constraint only_what_was_kept_is_guarded check (guarded_at is null or kept_at is not null),
  constraint an_open_change_has_no_end check ((ended_at is null) = (state in ('proposed', 'shadowed', 'on_trial')
    or (state = 'kept' and guarded_at is null)))
);
create unique index optimization_log_has_one_open_change_a_knob on resilience.optimization_log (knob)
  where ended_at is null;
create index optimization_log_knob on resilience.optimization_log (knob, id);
create index optimization_log_ended_at on resilience.optimization_log (ended_at);
comment on table resilience.optimization_log is
  'What the optimizer proposed, why, what it expected, what came, and what became of it.';
alter table resilience.optimization_log enable row level security;
revoke all on resilience.optimization_log from public, anon, authenticated;
grant select on resilience.optimization_log to service_role;

-- What a person forbids: a rule on a knob, `*` for any.
create table resilience.tuning_vetoes (
  id bigint generated always as identity primary key,
  knob text not null,
  rule text not null,
  vetoed_by text not null,
  reason text not null,
  vetoed_at timestamptz not null default clock_timestamp(),
  -- Null: for ever.
  until_at timestamptz,
  constraint names_are_short check (length(knob) between 1 and 200 and length(rule) between 1 and 100
    and length(vetoed_by) <= 200 and length(reason) between 1 and 500),
  constraint a_rule_is_vetoed_once_a_knob unique (knob, rule)
);
comment on table resilience.tuning_vetoes is 'Rules that may not turn a knob, by whose word and until when.';
alter table resilience.tuning_vetoes enable row level security;
revoke all on resilience.tuning_vetoes from public, anon, authenticated;
grant select, insert, update, delete on resilience.tuning_vetoes to service_role;

-- Whoever changes the value, pins the knob or opts it out, ends what is tried on it.
create function resilience.settle_tuning_parameter() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
  if new is not distinct from old then
    return new;
  end if;
  if new.name <> old.name then
    raise exception 'Cannot rename a knob as the code reads it by its name'
      using errcode = 'check_violation', constraint = 'knob_keeps_its_name';
  end if;
  if new.trial_id is not null and new.trial_id is not distinct from old.trial_id
    and (new.value is distinct from old.value or new.pinned_by is not null or not new.is_tunable) then
    new.trial_id := null;
    new.trial_value := null;
    new.trial_share := null;
    new.trial_began_at := null;
    new.trial_until := null;
  end if;
  new.updated_at := clock_timestamp();
  return new;
end
$$;
revoke all on function resilience.settle_tuning_parameter() from public;
create trigger settle_tuning_parameter before update on resilience.tuning_parameters
  for each row execute function resilience.settle_tuning_parameter();

-- What of a knob's row is worth remembering.
create function resilience.knob_standing(p_row resilience.tuning_parameters) returns jsonb
language sql immutable set search_path = ''
as $$
  select jsonb_strip_nulls(jsonb_build_object('value', p_row.value, 'lowest', p_row.lowest, 'highest', p_row.highest,
    'isTunable', p_row.is_tunable, 'pinnedBy', p_row.pinned_by, 'pinReason', p_row.pin_reason,
    'pinnedUntil', p_row.pinned_until, 'trial', p_row.trial_id, 'trialValue', p_row.trial_value,
    'trialShare', p_row.trial_share));
$$;
revoke all on function resilience.knob_standing(resilience.tuning_parameters) from public;
grant execute on function resilience.knob_standing(resilience.tuning_parameters) to service_role;

-- Records the change, whoever makes it, and closes the log of a trial that somebody ended by hand.
create function resilience.record_tuning_change() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  made_by text := coalesce(nullif(current_setting('resilience.changed_by', true), ''), 'role:' || session_user);
  made_because text := nullif(current_setting('resilience.change_reason', true), '');
  was jsonb := case when tg_op <> 'INSERT' then resilience.knob_standing(old) end;
  is_now jsonb := case when tg_op <> 'DELETE' then resilience.knob_standing(new) end;
  knob_name text := case when tg_op = 'DELETE' then old.name else new.name end;
begin
  if was is not distinct from is_now then
    return null;
  end if;
  insert into resilience.tuning_changes (knob, changed_by, reason, before, after)
    values (knob_name, made_by, made_because, was, is_now);
  if tg_op <> 'INSERT' and old.trial_id is not null and (is_now -> 'trial') is distinct from (was -> 'trial') then
    update resilience.optimization_log as change set state = 'vetoed', ended_at = clock_timestamp(), decided_by = made_by,
      reason = coalesce(made_because, 'The knob was changed by hand while the change was on trial')
      where change.id = old.trial_id and change.state = 'on_trial';
  end if;
  -- The kill switch: nothing stays on trial, and nothing can begin meanwhile.
  if knob_name = 'optimizer.is_enabled' and tg_op <> 'DELETE' and new.value = 'false'::jsonb then
    perform pg_advisory_xact_lock(hashtextextended('resilience.trials', 0));
    update resilience.tuning_parameters set trial_id = null, trial_value = null, trial_share = null,
      trial_began_at = null, trial_until = null where trial_id is not null;
  end if;
  return null;
end
$$;
revoke all on function resilience.record_tuning_change() from public;
create trigger record_tuning_change after insert or update or delete on resilience.tuning_parameters
  for each row execute function resilience.record_tuning_change();

-- The optimizer's own settings. No rule may turn them.
insert into resilience.tuning_parameters
  (name, kind, default_value, lowest, highest, step, owner, summary, is_tunable)
values
  ('optimizer.is_enabled', 'switch', 'true', null, null, null, 'optimizer', 'Whether anything is tuned at all', false),
  ('optimizer.trials_at_once', 'integer', '3', 1, 10, '{"amount": 1}', 'optimizer', 'So many changes are on trial at once', false),
  ('optimizer.trial_share', 'number', '0.25', 0.01, 0.5, '{"factor": 2}', 'optimizer', 'The share of isolates a change is tried on', false),
  ('optimizer.window_ms', 'integer', '3600000', 600000, 86400000, '{"factor": 2}', 'optimizer', 'How long a change is tried before it is judged', false),
  ('optimizer.cooldown_ms', 'integer', '604800000', 3600000, 7776000000, '{"factor": 2}', 'optimizer',
    'How long a change that came to nothing is not tried again, twice as long each time', false)
on conflict (name) do nothing;

-- What an isolate has to know: values, and what is on trial. Trials past their end or stopped are none.
create function resilience.read_tuning(p_prefix text default '')
returns table (name text, value jsonb, trial_id bigint, trial_value jsonb, trial_share double precision)
language sql stable set search_path = ''
as $$
  with trial as (
    select not exists (select from resilience.tuning_parameters switch
      where switch.name = 'optimizer.is_enabled' and switch.value = 'false'::jsonb) as is_heeded
  )
  select knob.name, knob.value, live.trial_id, live.trial_value, live.trial_share
  from resilience.tuning_parameters knob cross join trial
  left join lateral (select knob.trial_id, knob.trial_value, knob.trial_share
    where trial.is_heeded and knob.trial_until > clock_timestamp()) live on true
  where starts_with(knob.name, p_prefix) and (knob.value is not null or live.trial_id is not null);
$$;
revoke all on function resilience.read_tuning(text) from public;
grant execute on function resilience.read_tuning(text) to service_role;
