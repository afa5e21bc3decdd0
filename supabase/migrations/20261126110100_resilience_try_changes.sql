-- The life of a change, each step compare-and-set: whoever comes second is told so. Locks are taken in one order: the
-- knob's row, then the log's. The answer is 'done', or one word that says why not.

-- Registers what the code says of a knob. Bounds that a person has narrowed stay narrow.
create function resilience.define_knob(p_knob jsonb) returns void
language sql volatile security definer set search_path = ''
as $$
  insert into resilience.tuning_parameters as known
    (name, kind, default_value, lowest, highest, step, choices, owner, summary)
  select p_knob ->> 'name', p_knob ->> 'kind', p_knob -> 'defaultValue', (p_knob ->> 'lowest')::double precision,
    (p_knob ->> 'highest')::double precision, p_knob -> 'step',
    case when p_knob ? 'choices' then array(select jsonb_array_elements_text(p_knob -> 'choices')) end,
    split_part(p_knob ->> 'name', '.', 1), left(coalesce(p_knob ->> 'summary', ''), 300)
  on conflict (name) do update set
    kind = excluded.kind, default_value = excluded.default_value, step = excluded.step, choices = excluded.choices,
    owner = excluded.owner, summary = excluded.summary,
    lowest = case when known.are_bounds_by_hand then greatest(known.lowest, excluded.lowest) else excluded.lowest end,
    highest = case when known.are_bounds_by_hand then least(known.highest, excluded.highest) else excluded.highest end
  where (known.kind, known.default_value, known.step, known.choices, known.owner, known.summary)
      is distinct from (excluded.kind, excluded.default_value, excluded.step, excluded.choices, excluded.owner, excluded.summary)
    or (not known.are_bounds_by_hand and (known.lowest, known.highest) is distinct from (excluded.lowest, excluded.highest));
$$;
revoke all on function resilience.define_knob(jsonb) from public;
grant execute on function resilience.define_knob(jsonb) to service_role;

-- Writes a proposal down, or that it was refused and why.
create function resilience.propose_change(p_knob jsonb, p_rule text, p_direction text, p_before jsonb, p_after jsonb,
  p_evidence jsonb, p_expected jsonb, p_reason text, p_by text, p_is_refused boolean default false)
returns table (id bigint, answer text)
language plpgsql volatile security definer set search_path = ''
as $$
declare
  knob_name constant text := p_knob ->> 'name';
  made bigint;
  refusal text;
begin
  perform set_config('resilience.changed_by', p_by, true), set_config('resilience.change_reason', left(p_reason, 1000), true);
  if not p_is_refused then
    begin
      perform resilience.define_knob(p_knob);
    exception when check_violation then
      refusal := 'What the knob holds lies outside the bounds that the code gives it';
    end;
    if refusal is null and exists (select from resilience.tuning_parameters knob where knob.name = knob_name
      and not resilience.is_knob_value(knob.kind, p_after, knob.lowest, knob.highest, knob.choices)) then
      refusal := 'The value lies outside the bounds of the knob';
    end if;
  end if;
  if p_is_refused or refusal is not null then
    insert into resilience.optimization_log as change
        (knob, rule, state, direction, before, after, evidence, expected, reason, decided_by, ended_at)
      values (knob_name, p_rule, 'refused', p_direction, p_before, p_after, p_evidence, p_expected,
        left(coalesce(refusal, p_reason), 1000), p_by, clock_timestamp())
      returning change.id into made;
    return query select made, 'refused'::text;
    return;
  end if;
  insert into resilience.optimization_log as change
      (knob, rule, direction, before, after, evidence, expected, reason, decided_by)
    values (knob_name, p_rule, p_direction, p_before, p_after, p_evidence, p_expected, left(p_reason, 1000), p_by)
    on conflict (knob) where ended_at is null do nothing
    returning change.id into made;
  return query select made, case when made is null then 'busy' else 'done' end;
end
$$;
revoke all on function resilience.propose_change(jsonb, text, text, jsonb, jsonb, jsonb, jsonb, text, text, boolean) from public;
grant execute on function resilience.propose_change(jsonb, text, text, jsonb, jsonb, jsonb, jsonb, text, text, boolean) to service_role;

create function resilience.shadow_change(p_id bigint, p_findings jsonb, p_is_promising boolean, p_reason text, p_by text)
returns text
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update resilience.optimization_log as change set shadow = p_findings, reason = left(p_reason, 1000), decided_by = p_by,
    state = case when p_is_promising then 'shadowed' else 'abandoned' end,
    ended_at = case when p_is_promising then null else clock_timestamp() end
    where change.id = p_id and change.state = 'proposed';
  return case when found then 'done' else 'moved' end;
end
$$;
revoke all on function resilience.shadow_change(bigint, jsonb, boolean, text, text) from public;
grant execute on function resilience.shadow_change(bigint, jsonb, boolean, text, text) to service_role;

-- How long after its windows a trial that nobody has judged is heeded.
create function resilience.trial_grace(p_window_ms bigint) returns interval
language sql immutable set search_path = ''
as $$
  select greatest(interval '30 minutes', p_window_ms * interval '0.5 milliseconds');
$$;
revoke all on function resilience.trial_grace(bigint) from public;
grant execute on function resilience.trial_grace(bigint) to service_role;

-- Chooses the isolates that a change will be tried on, and lets them be measured as they are: what sets them apart from the
-- others without the change is not its doing. One at a time decides whether there is room for another.
create function resilience.begin_trial(p_id bigint, p_share double precision, p_window_ms bigint, p_limit integer,
  p_reason text, p_by text) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
  change resilience.optimization_log;
  knob resilience.tuning_parameters;
  present timestamptz;
begin
  perform pg_advisory_xact_lock(hashtextextended('resilience.trials', 0));
  select * into knob from resilience.tuning_parameters known
    where known.name = (select log.knob from resilience.optimization_log log where log.id = p_id) for update;
  select * into change from resilience.optimization_log log where log.id = p_id and log.state = 'shadowed' for update;
  present := clock_timestamp();
  if change.id is null then
    return 'moved';
  elsif knob.name is null then
    return 'changed';
  elsif exists (select from resilience.tuning_parameters switch
    where switch.name = 'optimizer.is_enabled' and switch.value = 'false'::jsonb) then
    return 'stopped';
  elsif knob.pinned_by is not null and (knob.pinned_until is null or knob.pinned_until > present) then
    return 'pinned';
  elsif not knob.is_tunable then
    return 'opted_out';
  elsif exists (select from resilience.tuning_vetoes veto where veto.knob in (change.knob, '*')
    and veto.rule in (change.rule, '*') and (veto.until_at is null or veto.until_at > present)) then
    return 'vetoed';
  elsif coalesce(knob.value, knob.default_value) is distinct from change.before then
    return 'changed';
  elsif not resilience.is_knob_value(knob.kind, change.after, knob.lowest, knob.highest, knob.choices) then
    return 'out_of_bounds';
  elsif (select count(*) from resilience.tuning_parameters tried where tried.trial_id is not null) >= p_limit then
    return 'crowded';
  end if;
  perform set_config('resilience.changed_by', p_by, true), set_config('resilience.change_reason', left(p_reason, 1000), true);
  update resilience.optimization_log log set state = 'on_trial', share = p_share, window_ms = p_window_ms,
    row_value = knob.value, lead_began_at = present, window_ends_at = present + p_window_ms * interval '1 millisecond',
    reason = left(p_reason, 1000), decided_by = p_by where log.id = p_id;
  update resilience.tuning_parameters known set trial_id = p_id, trial_value = change.before, trial_share = p_share,
    trial_began_at = present,
    trial_until = present + p_window_ms * interval '1 millisecond' + resilience.trial_grace(p_window_ms),
    pinned_by = null, pin_reason = null, pinned_at = null, pinned_until = null
    where known.name = change.knob;
  return 'done';
end
$$;
revoke all on function resilience.begin_trial(bigint, double precision, bigint, integer, text, text) from public;
grant execute on function resilience.begin_trial(bigint, double precision, bigint, integer, text, text) to service_role;

-- Puts the change in force on those that were measured without it.
create function resilience.start_trial(p_id bigint, p_reason text, p_by text) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
  knob_name text;
  change resilience.optimization_log;
  present timestamptz;
begin
  select known.name into knob_name from resilience.tuning_parameters known where known.trial_id = p_id for update;
  select * into change from resilience.optimization_log log
    where log.id = p_id and log.state = 'on_trial' and log.windows = 0 for update;
  present := clock_timestamp();
  if knob_name is null or change.id is null then
    return 'moved';
  end if;
  perform set_config('resilience.changed_by', p_by, true), set_config('resilience.change_reason', left(p_reason, 1000), true);
  update resilience.optimization_log log set windows = 1, trial_began_at = present, reason = left(p_reason, 1000),
    decided_by = p_by, window_ends_at = present + change.window_ms * interval '1 millisecond' where log.id = p_id;
  update resilience.tuning_parameters known set trial_value = change.after, trial_began_at = present,
    trial_until = present + change.window_ms * interval '2 milliseconds' + resilience.trial_grace(change.window_ms)
    where known.name = knob_name;
  return 'done';
end
$$;
revoke all on function resilience.start_trial(bigint, text, text) from public;
grant execute on function resilience.start_trial(bigint, text, text) to service_role;

-- Gives an undecided trial its second window.
create function resilience.extend_trial(p_id bigint, p_measured jsonb, p_reason text, p_by text) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
  knob_name text;
  change resilience.optimization_log;
begin
  select known.name into knob_name from resilience.tuning_parameters known where known.trial_id = p_id for update;
  select * into change from resilience.optimization_log log
    where log.id = p_id and log.state = 'on_trial' and log.windows = 1 for update;
  if knob_name is null or change.id is null then
    return 'moved';
  end if;
  update resilience.optimization_log log set windows = 2, measured = p_measured, reason = left(p_reason, 1000),
    decided_by = p_by, window_ends_at = clock_timestamp() + change.window_ms * interval '1 millisecond'
    where log.id = p_id;
  update resilience.tuning_parameters known set trial_until = clock_timestamp()
    + change.window_ms * interval '1 millisecond' + resilience.trial_grace(change.window_ms)
    where known.name = knob_name;
  return 'done';
end
$$;
revoke all on function resilience.extend_trial(bigint, jsonb, text, text) from public;
grant execute on function resilience.extend_trial(bigint, jsonb, text, text) to service_role;

-- Ends what is not yet kept: 'kept' turns the knob for all, everything else leaves it as it was before.
create function resilience.end_change(p_id bigint, p_state text, p_measured jsonb, p_reason text, p_by text) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
  change resilience.optimization_log;
  knob resilience.tuning_parameters;
  is_kept constant boolean := p_state = 'kept';
begin
  if p_state not in ('kept', 'reverted', 'abandoned', 'vetoed') then
    raise exception 'Cannot end a change as ''%'' is no end', p_state using errcode = 'invalid_parameter_value';
  end if;
  select * into knob from resilience.tuning_parameters known
    where known.name = (select log.knob from resilience.optimization_log log where log.id = p_id) for update;
  select * into change from resilience.optimization_log log
    where log.id = p_id and log.state in ('proposed', 'shadowed', 'on_trial') for update;
  if change.id is null or (is_kept and (change.state <> 'on_trial' or change.windows = 0 or knob.trial_id is distinct from p_id)) then
    return 'moved';
  end if;
  perform set_config('resilience.changed_by', p_by, true), set_config('resilience.change_reason', left(p_reason, 1000), true);
  update resilience.optimization_log log set state = p_state, measured = coalesce(p_measured, log.measured),
    reason = left(p_reason, 1000), decided_by = p_by,
    kept_at = case when is_kept then clock_timestamp() end,
    guard_ends_at = case when is_kept then clock_timestamp() + change.window_ms * interval '1 millisecond' end,
    ended_at = case when is_kept then null else clock_timestamp() end
    where log.id = p_id;
  update resilience.tuning_parameters known set value = case when is_kept then change.after else known.value end,
    trial_id = null, trial_value = null, trial_share = null, trial_began_at = null, trial_until = null
    where known.name = change.knob and known.trial_id = p_id;
  return 'done';
end
$$;
revoke all on function resilience.end_change(bigint, text, jsonb, text, text) from public;
grant execute on function resilience.end_change(bigint, text, jsonb, text, text) to service_role;

-- Ends the watch over a change that was kept: it stays, or the knob goes back to what its row said before.
create function resilience.close_guard(p_id bigint, p_is_worse boolean, p_guard jsonb, p_reason text, p_by text)
returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
  change resilience.optimization_log;
begin
  perform from resilience.tuning_parameters known
    where known.name = (select log.knob from resilience.optimization_log log where log.id = p_id) for update;
  select * into change from resilience.optimization_log log
    where log.id = p_id and log.state = 'kept' and log.guarded_at is null for update;
  if change.id is null then
    return 'moved';
  end if;
  perform set_config('resilience.changed_by', p_by, true), set_config('resilience.change_reason', left(p_reason, 1000), true);
  update resilience.optimization_log log set guard = p_guard, reason = left(p_reason, 1000), decided_by = p_by,
    state = case when p_is_worse then 'reverted' else 'kept' end, guarded_at = clock_timestamp(),
    ended_at = clock_timestamp() where log.id = p_id;
  if p_is_worse then
    -- A value that somebody has set since is theirs, and one that a pin holds is, too.
    update resilience.tuning_parameters known set value = change.row_value
      where known.name = change.knob and known.value = change.after
        and (known.pinned_by is null or known.pinned_until <= clock_timestamp());
  end if;
  return 'done';
end
$$;
revoke all on function resilience.close_guard(bigint, boolean, jsonb, text, text) from public;
grant execute on function resilience.close_guard(bigint, boolean, jsonb, text, text) to service_role;

-- A person takes a change back: what is open is vetoed, what was kept is undone.
create function resilience.undo_change(p_id bigint, p_reason text, p_by text) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
  change resilience.optimization_log;
  knob resilience.tuning_parameters;
begin
  select * into knob from resilience.tuning_parameters known
    where known.name = (select log.knob from resilience.optimization_log log where log.id = p_id) for update;
  select * into change from resilience.optimization_log log where log.id = p_id for update;
  if change.id is null then
    return 'missing';
  elsif change.state in ('proposed', 'shadowed', 'on_trial') then
    return resilience.end_change(p_id, 'vetoed', null, p_reason, p_by);
  elsif change.state <> 'kept' then
    return 'moved';
  elsif knob.value is distinct from change.after or knob.trial_id is not null then
    -- Somebody has turned it further: going back to before this change would undo theirs.
    return 'changed';
  end if;
  perform set_config('resilience.changed_by', p_by, true), set_config('resilience.change_reason', left(p_reason, 1000), true);
  update resilience.optimization_log log set state = 'undone', reason = left(p_reason, 1000), decided_by = p_by,
    ended_at = clock_timestamp() where log.id = p_id;
  update resilience.tuning_parameters known set value = change.row_value where known.name = change.knob;
  return 'done';
end
$$;
revoke all on function resilience.undo_change(bigint, text, text) from public;
grant execute on function resilience.undo_change(bigint, text, text) to service_role;

-- Forgets changes of knobs and proposals that ended before `p_before`. A dry run only counts.
create function resilience.purge_tuning(p_before timestamptz, p_max_rows integer default 10000,
  p_is_dry_run boolean default false) returns integer
language sql volatile security definer set search_path = ''
as $$
  with old_changes as (
    select id from resilience.tuning_changes where changed_at < p_before order by id limit p_max_rows
    for update skip locked
  ),
  purged_changes as (
    delete from resilience.tuning_changes change using old_changes old where change.id = old.id and not p_is_dry_run
  ),
  old_log as (
    select id from resilience.optimization_log where ended_at < p_before order by id limit p_max_rows
    for update skip locked
  ),
  purged_log as (
    delete from resilience.optimization_log log using old_log old where log.id = old.id and not p_is_dry_run
  )
  select (select count(*) from old_changes)::integer + (select count(*) from old_log)::integer;
$$;
revoke all on function resilience.purge_tuning(timestamptz, integer, boolean) from public;
grant execute on function resilience.purge_tuning(timestamptz, integer, boolean) to service_role;
