-- What somebody should know of. Raising an alert and the notice that tells of it are one transaction with whatever raises it:
-- nothing is lost, and of what rolled back nobody hears.

create function resilience.alert_rank(p_severity text) returns integer
language sql immutable strict parallel safe set search_path = ''
as $$
  select array_position(array['info', 'warning', 'error', 'critical'], p_severity);
$$;
revoke execute on function resilience.alert_rank(text) from public;
grant execute on function resilience.alert_rank(text) to service_role;

create table resilience.alerts (
  id uuid primary key default gen_random_uuid(),
  -- What is wrong, and with what: `circuit_open:lovable-ai`. One alert of a key is open at a time.
  key text not null,
  -- Counts the times that the key was raised anew.
  episode integer not null,
  severity text not null,
  title text not null,
  detail jsonb not null default '{}',
  ref text,
  state text not null default 'open',
  -- It came and went so often that it is told only if it stays.
  is_flapping boolean not null default false,
  occurrences bigint not null default 1,
  first_raised_at timestamptz not null,
  last_raised_at timestamptz not null,
  -- It resolves by itself once it was not raised for so long; null: somebody has to resolve it.
  quiet_seconds integer,
  acknowledged_at timestamptz,
  acknowledged_by text,
  resolved_at timestamptz,
  resolved_by text,
  note text,
  constraint key_names_what_and_where check (key ~ '^[a-z][a-z0-9_]{0,39}:.' and length(key) <= 240),
  constraint episode_is_positive check (episode > 0),
  constraint severity_is_known check (severity in ('info', 'warning', 'error', 'critical')),
  constraint title_is_one_short_line check (length(title) between 1 and 300 and title !~ '[[:cntrl:]]'),
  constraint detail_is_a_small_object check (jsonb_typeof(detail) = 'object' and pg_column_size(detail) <= 4000),
  constraint ref_has_a_kind check (ref ~ '^[a-z]+:.' and length(ref) <= 400),
  constraint state_is_known check (state in ('open', 'acknowledged', 'resolved')),
  constraint occurrences_are_positive check (occurrences > 0),
  constraint last_raised_at_is_not_before_first_raised_at check (last_raised_at >= first_raised_at),
  constraint quiet_seconds_are_positive check (quiet_seconds > 0),
  constraint acknowledged_at_goes_with_acknowledged_by check ((acknowledged_at is null) = (acknowledged_by is null)),
  constraint an_acknowledged_alert_says_by_whom check (state <> 'acknowledged' or acknowledged_at is not null),
  constraint only_a_resolved_alert_has_an_end check ((state = 'resolved') = (resolved_at is not null)),
  constraint resolved_at_goes_with_resolved_by check ((resolved_at is null) = (resolved_by is null)),
  constraint names_and_note_are_short check (length(acknowledged_by) <= 200 and length(resolved_by) <= 200 and length(note) <= 500)
);
create unique index alerts_have_one_open_episode on resilience.alerts (key) where state <> 'resolved';
create unique index alerts_by_key on resilience.alerts (key, episode);
create index alerts_newest_first on resilience.alerts (first_raised_at desc, id);
create index alerts_resolved on resilience.alerts (resolved_at) where state = 'resolved';
comment on table resilience.alerts is 'What somebody should know of, one row an episode. Changed by functions alone.';
comment on column resilience.alerts.detail is 'Numbers, names and codes; never a value of a payload.';

-- The outbox: what is to be told, as it was when it was written, to whoever is configured by the time it goes out.
create table resilience.alert_notices (
  id bigint generated always as identity primary key,
  alert_id uuid not null references resilience.alerts (id) on delete cascade,
  kind text not null,
  content jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  due_at timestamptz not null,
  fanned_out_at timestamptz,
  cancelled_at timestamptz,
  constraint kind_is_known check (kind in ('raised', 'escalated', 'reminder', 'resolved')),
  constraint what_has_left_is_not_cancelled check (num_nulls(fanned_out_at, cancelled_at) > 0)
);
create index alert_notices_pending on resilience.alert_notices (due_at) where fanned_out_at is null and cancelled_at is null;
create index alert_notices_by_alert on resilience.alert_notices (alert_id, id);
comment on table resilience.alert_notices is 'What is told of alerts: written with the alert, handed to the sinks by alerts-dispatch.';

-- Alerts raised while somebody else was at the same key: put aside, so that whoever raises one never waits.
create table resilience.alert_signals (
  id bigint generated always as identity primary key,
  key text not null,
  severity text not null,
  title text not null,
  detail jsonb not null,
  ref text,
  quiet_seconds integer,
  raised_at timestamptz not null default clock_timestamp()
);
comment on table resilience.alert_signals is 'Alerts that are yet to be counted, a minute at most.';

create table resilience.alert_silences (
  id uuid primary key default gen_random_uuid(),
  key_prefix text not null,
  -- What is worse is told all the same.
  max_severity text not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  created_by text not null,
  reason text not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint key_prefix_is_short check (length(key_prefix) <= 240),
  constraint max_severity_is_known check (max_severity in ('info', 'warning', 'error', 'critical')),
  constraint until_at_is_after_from_at check (until_at > from_at),
  constraint a_silence_ends_within_ninety_days check (until_at <= from_at + interval '90 days'),
  constraint reason_is_said check (length(reason) between 1 and 500 and length(created_by) between 1 and 200)
);
create index alert_silences_until_at on resilience.alert_silences (until_at);
comment on table resilience.alert_silences is 'Whom not to wake for what: matching alerts are kept, and told afterwards if they are still open.';

alter table resilience.alerts enable row level security;
alter table resilience.alert_notices enable row level security;
alter table resilience.alert_signals enable row level security;
alter table resilience.alert_silences enable row level security;
revoke all on resilience.alerts, resilience.alert_notices, resilience.alert_signals, resilience.alert_silences
  from public, anon, authenticated;
grant select on resilience.alerts to service_role;
grant select on resilience.alert_notices to service_role;
grant select on resilience.alert_signals to service_role;
grant select, insert, delete on resilience.alert_silences to service_role;

-- The key's turn, until the transaction ends. Only ever tried for by whoever raises: two transactions that raise the same
-- alerts in another order would otherwise wait for each other.
create function resilience.try_alert_turn(p_key text) returns boolean
language sql volatile set search_path = ''
as $$
  select pg_try_advisory_xact_lock(hashtextextended('ballast-alert:' || p_key, 0));
$$;

create function resilience.alert_content(p_alert resilience.alerts) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object('id', p_alert.id, 'key', p_alert.key, 'episode', p_alert.episode, 'severity', p_alert.severity,
    'title', p_alert.title, 'detail', p_alert.detail, 'ref', p_alert.ref, 'state', p_alert.state,
    'isFlapping', p_alert.is_flapping, 'occurrences', p_alert.occurrences, 'firstRaisedAt', p_alert.first_raised_at,
    'lastRaisedAt', p_alert.last_raised_at, 'acknowledgedAt', p_alert.acknowledged_at,
    'acknowledgedBy', p_alert.acknowledged_by, 'resolvedAt', p_alert.resolved_at, 'resolvedBy', p_alert.resolved_by,
    'note', p_alert.note);
$$;

create function resilience.is_alert_silenced(p_key text, p_severity text) returns boolean
language sql stable set search_path = ''
as $$
  select exists (
    select from resilience.alert_silences silence
    where clock_timestamp() >= silence.from_at and clock_timestamp() < silence.until_at
      and starts_with(p_key, silence.key_prefix)
      and resilience.alert_rank(p_severity) <= resilience.alert_rank(silence.max_severity)
  );
$$;

-- Records an alert while the caller has the key's turn.
--
-- An open alert counts up; its severity only rises, and what was acknowledged is open again when it does. A resolved one
-- begins a new episode. Flapping: where three episodes of the key began within the hour before, the next one is told only
-- if it is still open ten minutes later.
create function resilience.record_alert(p_key text, p_severity text, p_title text, p_detail jsonb, p_ref text,
  p_quiet_seconds integer, p_raised_at timestamptz) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  moment constant timestamptz := clock_timestamp();
  known resilience.alerts;
  is_worse boolean;
  was_told boolean := true;
  past record;
begin
  select alert.* into known from resilience.alerts alert where alert.key = p_key and alert.state <> 'resolved'
    for no key update;
  if not found then
    select coalesce(max(alert.episode), 0) as episodes,
        count(*) filter (where alert.first_raised_at > moment - interval '1 hour') as recent into past
      from resilience.alerts alert where alert.key = p_key;
    insert into resilience.alerts (key, episode, severity, title, detail, ref, is_flapping, first_raised_at, last_raised_at,
        quiet_seconds)
      values (p_key, past.episodes + 1, p_severity, p_title, p_detail, p_ref, past.recent >= 3, p_raised_at, p_raised_at,
        p_quiet_seconds)
      returning * into known;
    insert into resilience.alert_notices (alert_id, kind, content, due_at)
      values (known.id, 'raised', resilience.alert_content(known),
        moment + case when known.is_flapping then interval '10 minutes' else interval '0' end);
    return known.id;
  end if;

  is_worse := resilience.alert_rank(p_severity) > resilience.alert_rank(known.severity);
  update resilience.alerts alert set occurrences = alert.occurrences + 1,
      last_raised_at = greatest(alert.last_raised_at, p_raised_at),
      quiet_seconds = p_quiet_seconds,
      severity = case when is_worse then p_severity else alert.severity end,
      state = case when is_worse then 'open' else alert.state end,
      acknowledged_at = case when is_worse then null else alert.acknowledged_at end,
      acknowledged_by = case when is_worse then null else alert.acknowledged_by end,
      -- The worst that was said of it stays.
      title = case when p_severity = alert.severity or is_worse then p_title else alert.title end,
      detail = case when p_severity = alert.severity or is_worse then p_detail else alert.detail end,
      ref = case when p_severity = alert.severity or is_worse then coalesce(p_ref, alert.ref) else alert.ref end
    where alert.id = known.id
    returning * into known;
  if is_worse then
    -- What has not left yet says less than what is known by now.
    update resilience.alert_notices notice set cancelled_at = moment
      where notice.alert_id = known.id and notice.fanned_out_at is null and notice.cancelled_at is null;
    was_told := exists (select from resilience.alert_notices notice
      where notice.alert_id = known.id and notice.fanned_out_at is not null);
    insert into resilience.alert_notices (alert_id, kind, content, due_at)
      values (known.id, case when was_told then 'escalated' else 'raised' end, resilience.alert_content(known), moment);
  end if;
  return known.id;
end
$$;

-- Raises an alert, within any transaction: it lands with it or not at all. Gives the alert's id, or null where somebody else
-- is at the same key just now (or the transaction does not see what others commit): then it is put aside and counted
-- within a minute. It never waits. Text is cut to fit; a key or severity that makes no sense is an error.
create function resilience.raise_alert(p_key text, p_severity text, p_title text, p_detail jsonb default '{}',
  p_ref text default null, p_quiet_seconds integer default null) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  key constant text := left(regexp_replace(p_key, '[[:cntrl:]]', ' ', 'g'), 240);
  title constant text := coalesce(nullif(left(regexp_replace(p_title, '[[:cntrl:]]+', ' ', 'g'), 300), ''), p_key);
  ref constant text := case when p_ref ~ '^[a-z]+:.' then left(p_ref, 400) end;
  detail jsonb := coalesce(p_detail, '{}');
begin
  if key is null or key !~ '^[a-z][a-z0-9_]{0,39}:.' then
    raise exception 'Cannot raise the alert as its key ''%'' is not <what>:<where>', p_key
      using errcode = 'invalid_parameter_value';
  end if;
  if p_severity is null or resilience.alert_rank(p_severity) is null then
    raise exception 'Cannot raise the alert as its severity ''%'' is none of info, warning, error and critical', p_severity
      using errcode = 'invalid_parameter_value';
  end if;
  if jsonb_typeof(detail) <> 'object' or pg_column_size(detail) > 3900 then
    detail := '{"isCut": true}';
  end if;
  if current_setting('transaction_isolation') = 'read committed' and resilience.try_alert_turn(key) then
    return resilience.record_alert(key, p_severity, title, detail, ref, p_quiet_seconds, clock_timestamp());
  end if;
  insert into resilience.alert_signals (key, severity, title, detail, ref, quiet_seconds)
    values (key, p_severity, title, detail, ref, p_quiet_seconds);
  return null;
end
$$;

-- Counts what was put aside, oldest first; what is still somebody else's turn waits on. Gives how many it counted.
create function resilience.fold_alert_signals(p_limit integer default 2000) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
  signal resilience.alert_signals;
  folded integer := 0;
begin
  for signal in
    select * from resilience.alert_signals order by id limit p_limit for update skip locked
  loop
    if resilience.try_alert_turn(signal.key) then
      perform resilience.record_alert(signal.key, signal.severity, signal.title, signal.detail, signal.ref,
        signal.quiet_seconds, signal.raised_at);
      delete from resilience.alert_signals s where s.id = signal.id;
      folded := folded + 1;
    end if;
  end loop;
  return folded;
end
$$;

-- Ends an alert while the caller has the key's turn. A notice that was held back, by flapping or a silence, is not sent any
-- more; that it is over is told only where that it began was.
create function resilience.end_alert(p_id uuid, p_by text, p_note text) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  moment constant timestamptz := clock_timestamp();
  ended resilience.alerts;
begin
  update resilience.alerts alert set state = 'resolved', resolved_at = moment, resolved_by = left(p_by, 200),
      note = coalesce(left(p_note, 500), alert.note)
    where alert.id = p_id and alert.state <> 'resolved' returning * into ended;
  if not found then
    return;
  end if;
  update resilience.alert_notices notice set cancelled_at = moment
    where notice.alert_id = p_id and notice.fanned_out_at is null and notice.cancelled_at is null
      and (notice.due_at > moment or resilience.is_alert_silenced(ended.key, notice.content ->> 'severity'));
  if exists (select from resilience.alert_notices notice where notice.alert_id = p_id and notice.cancelled_at is null) then
    insert into resilience.alert_notices (alert_id, kind, content, due_at)
      values (p_id, 'resolved', resilience.alert_content(ended), moment);
  end if;
end
$$;

-- Resolves the open alert of a key. False where there is none, or somebody is raising it just now.
create function resilience.resolve_alert(p_key text, p_by text, p_note text default null) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
  known uuid;
begin
  if not resilience.try_alert_turn(p_key) then
    return false;
  end if;
  select alert.id into known from resilience.alerts alert where alert.key = p_key and alert.state <> 'resolved';
  if known is not null then
    perform resilience.end_alert(known, p_by, p_note);
  end if;
  return known is not null;
end
$$;

-- A person's word on an alert: it is known, or it is over. Waits for the key's turn, so it wants a transaction of its own.
-- Null where there is no such alert; the same word twice is said once.
create function resilience.judge_alert(p_id uuid, p_state text, p_by text, p_note text default null)
returns resilience.alerts
language plpgsql volatile security definer set search_path = ''
as $$
declare
  judged resilience.alerts;
begin
  if p_state is null or p_state not in ('acknowledged', 'resolved') then
    raise exception 'Cannot judge the alert as ''%'' is neither acknowledged nor resolved', p_state
      using errcode = 'invalid_parameter_value';
  end if;
  select alert.* into judged from resilience.alerts alert where alert.id = p_id;
  if not found then
    return null;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('ballast-alert:' || judged.key, 0));
  if p_state = 'resolved' then
    perform resilience.end_alert(p_id, p_by, p_note);
  else
    update resilience.alerts alert set state = 'acknowledged', acknowledged_at = clock_timestamp(),
        acknowledged_by = left(p_by, 200), note = coalesce(left(p_note, 500), alert.note)
      where alert.id = p_id and alert.state = 'open';
  end if;
  select alert.* into judged from resilience.alerts alert where alert.id = p_id;
  return judged;
end
$$;

-- What the conditions have found, and the end of what was quiet for long enough. `p_found` is a list of alerts, `p_blind` are
-- the conditions that could not look: theirs stay as they are. In one transaction with the caller's cursor.
create function resilience.settle_alert_conditions(p_found jsonb, p_blind text[] default '{}')
returns table (raised integer, resolved integer, folded integer)
language plpgsql volatile security definer set search_path = ''
as $$
declare
  quiet record;
begin
  folded := resilience.fold_alert_signals();
  select count(resilience.raise_alert(found.key, found.severity, found.title, found.detail, found.ref, found.quiet_seconds))
    into raised
    from jsonb_to_recordset(p_found) as found (key text, severity text, title text, detail jsonb, ref text,
      quiet_seconds integer);
  resolved := 0;
  for quiet in
    select alert.key from resilience.alerts alert
    where alert.state <> 'resolved' and split_part(alert.key, ':', 1) <> all (p_blind)
      and alert.last_raised_at < clock_timestamp() - make_interval(secs => alert.quiet_seconds)
    order by alert.key
  loop
    if resilience.resolve_alert(quiet.key, 'quiet') then
      resolved := resolved + 1;
    end if;
  end loop;
  return next;
end
$$;

-- Tells again of what is bad, open and known to nobody, so long after it was last told.
create function resilience.remind_of_alerts(p_after_seconds double precision) returns integer
language sql volatile security definer set search_path = ''
as $$
  with written as (
    insert into resilience.alert_notices (alert_id, kind, content, due_at)
      select alert.id, 'reminder', resilience.alert_content(alert), clock_timestamp()
      from resilience.alerts alert
      where alert.state = 'open' and resilience.alert_rank(alert.severity) >= 3
        and not exists (select from resilience.alert_notices notice
          where notice.alert_id = alert.id and notice.cancelled_at is null
            and (notice.fanned_out_at is null
              or notice.created_at > clock_timestamp() - make_interval(secs => p_after_seconds)))
      returning 1
  )
  select count(*)::integer from written;
$$;

revoke execute on function resilience.try_alert_turn(text), resilience.alert_content(resilience.alerts),
  resilience.is_alert_silenced(text, text),
  resilience.record_alert(text, text, text, jsonb, text, integer, timestamptz),
  resilience.raise_alert(text, text, text, jsonb, text, integer), resilience.fold_alert_signals(integer),
  resilience.end_alert(uuid, text, text), resilience.resolve_alert(text, text, text),
  resilience.judge_alert(uuid, text, text, text), resilience.settle_alert_conditions(jsonb, text[]),
  resilience.remind_of_alerts(double precision) from public;
grant execute on function resilience.alert_content(resilience.alerts), resilience.is_alert_silenced(text, text),
  resilience.raise_alert(text, text, text, jsonb, text, integer), resilience.fold_alert_signals(integer),
  resilience.resolve_alert(text, text, text), resilience.judge_alert(uuid, text, text, text),
  resilience.settle_alert_conditions(jsonb, text[]), resilience.remind_of_alerts(double precision) to service_role;
