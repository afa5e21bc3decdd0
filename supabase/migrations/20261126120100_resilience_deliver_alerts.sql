-- Who is told of alerts, what was sent to whom, and what came of it.

create table resilience.alert_sinks (
  name text primary key,
  -- A fingerprint of where it sends: another address is another chance.
  target_hash text not null,
  disabled_at timestamptz,
  disabled_reason text,
  last_delivered_at timestamptz,
  last_failed_at timestamptz,
  last_error_code text,
  constraint name_is_a_slug check (name ~ '^[a-z][a-z0-9-]{0,39}$'),
  constraint target_hash_is_a_sha_256 check (target_hash ~ '^[0-9a-f]{64}$'),
  constraint disabled_at_goes_with_a_reason check ((disabled_at is null) = (disabled_reason is null)),
  constraint codes_are_short check (length(disabled_reason) <= 64 and length(last_error_code) <= 64)
);
comment on table resilience.alert_sinks is 'How the configured sinks do. Where they send is in the environment, not here.';

create table resilience.alert_deliveries (
  -- What the receiver knows it by, however often it is sent.
  id uuid primary key default gen_random_uuid(),
  notice_id bigint not null references resilience.alert_notices (id) on delete cascade,
  alert_id uuid not null references resilience.alerts (id) on delete cascade,
  sink text not null,
  attempts integer not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  next_try_at timestamptz not null default clock_timestamp(),
  -- The wait before it, which the next one is drawn from.
  wait_ms double precision not null default 0,
  lease_token uuid,
  lease_until timestamptz,
  last_error_code text,
  delivered_at timestamptz,
  given_up_at timestamptz,
  constraint a_sink_hears_of_a_notice_once unique (notice_id, sink),
  constraint attempts_and_wait_are_not_negative check (attempts >= 0 and wait_ms >= 0),
  constraint lease_token_goes_with_lease_until check ((lease_token is null) = (lease_until is null)),
  constraint error_code_is_short check (length(last_error_code) <= 64),
  constraint a_delivery_ends_in_one_way check (num_nulls(delivered_at, given_up_at) > 0)
);
create index alert_deliveries_pending on resilience.alert_deliveries (next_try_at)
  where delivered_at is null and given_up_at is null;
create index alert_deliveries_by_alert on resilience.alert_deliveries (alert_id, sink, notice_id);
create index alert_deliveries_given_up on resilience.alert_deliveries (given_up_at) where given_up_at is not null;
comment on table resilience.alert_deliveries is 'One row for each notice and sink: tried until it is delivered or given up.';

alter table resilience.alert_sinks enable row level security;
alter table resilience.alert_deliveries enable row level security;
revoke all on resilience.alert_sinks, resilience.alert_deliveries from public, anon, authenticated;
grant select on resilience.alert_sinks to service_role;
grant select on resilience.alert_deliveries to service_role;

-- The sinks that are configured by now. Writes only where one is new or sends elsewhere than before.
create function resilience.register_alert_sinks(p_names text[], p_hashes text[]) returns void
language sql volatile security definer set search_path = ''
as $$
  insert into resilience.alert_sinks (name, target_hash)
    select sink.name, sink.hash from unnest(p_names, p_hashes) as sink (name, hash)
    where not exists (select from resilience.alert_sinks known
      where known.name = sink.name and known.target_hash = sink.hash)
    on conflict (name) do update
      set target_hash = excluded.target_hash, disabled_at = null, disabled_reason = null;
$$;

-- Hands notices that are due to each sink that wants to hear of them; gives how many. One that waits for an earlier one of its
-- alert goes with the next call. A sink is never told of its own trouble, nor of the end of what it was not told of.
create function resilience.fan_out_alert_notices(p_sinks text[], p_least text[], p_limit integer default 200)
returns integer
language sql volatile security definer set search_path = ''
as $$
  with due as materialized (
    select notice.id, notice.alert_id, notice.kind, notice.content
    from resilience.alert_notices notice
    where notice.fanned_out_at is null and notice.cancelled_at is null and notice.due_at <= clock_timestamp()
      and not resilience.is_alert_silenced(notice.content ->> 'key', notice.content ->> 'severity')
      and not exists (select from resilience.alert_notices earlier
        where earlier.alert_id = notice.alert_id and earlier.id < notice.id
          and earlier.fanned_out_at is null and earlier.cancelled_at is null)
    order by notice.id limit p_limit for update skip locked
  ),
  handed as (
    insert into resilience.alert_deliveries (notice_id, alert_id, sink)
      select due.id, due.alert_id, sink.name
      from due cross join unnest(p_sinks, p_least) as sink (name, least)
      where resilience.alert_rank(due.content ->> 'severity') >= resilience.alert_rank(sink.least)
        and due.content ->> 'ref' is distinct from 'sink:' || sink.name
        and not exists (select from resilience.alert_sinks known
          where known.name = sink.name and known.disabled_at is not null)
        and (due.kind <> 'resolved' or exists (select from resilience.alert_deliveries told
          where told.alert_id = due.alert_id and told.sink = sink.name))
      on conflict (notice_id, sink) do nothing
  ),
  marked as (
    update resilience.alert_notices notice set fanned_out_at = clock_timestamp() from due where notice.id = due.id
  )
  select count(*)::integer from due;
$$;

-- Leases deliveries that are due, those of an alert in their order. A lease that ran out is anybody's.
create function resilience.claim_alert_deliveries(p_sinks text[], p_limit integer, p_lease_seconds double precision)
returns table (id uuid, sink text, kind text, content jsonb, noticed_at timestamptz, lease_token uuid, attempts integer,
  wait_ms double precision)
language sql volatile security definer set search_path = ''
as $$
  with due as materialized (
    select delivery.id
    from resilience.alert_deliveries delivery
    where delivery.delivered_at is null and delivery.given_up_at is null and delivery.sink = any (p_sinks)
      and delivery.next_try_at <= clock_timestamp()
      and (delivery.lease_until is null or delivery.lease_until <= clock_timestamp())
      and not exists (select from resilience.alert_deliveries earlier
        where earlier.alert_id = delivery.alert_id and earlier.sink = delivery.sink
          and earlier.notice_id < delivery.notice_id and earlier.delivered_at is null and earlier.given_up_at is null)
    order by delivery.next_try_at, delivery.notice_id limit p_limit for update skip locked
  ),
  leased as (
    update resilience.alert_deliveries delivery set lease_token = gen_random_uuid(), attempts = delivery.attempts + 1,
        lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds)
      from due where delivery.id = due.id
      returning delivery.*
  )
  select leased.id, leased.sink, notice.kind, notice.content, notice.created_at, leased.lease_token, leased.attempts,
    leased.wait_ms
  from leased join resilience.alert_notices notice on notice.id = leased.notice_id
  order by leased.notice_id, leased.sink;
$$;

-- Says what came of a delivery: `delivered`, `failed`, `postponed` (it was not tried), or `gone` (the receiver wants no more:
-- the sink is switched off). What fails for longer than `p_give_up_seconds` is given up. False where somebody else has it by
-- now; that it was delivered is true all the same.
create function resilience.settle_alert_delivery(p_id uuid, p_lease_token uuid, p_result text, p_error_code text,
  p_wait_ms double precision, p_give_up_seconds double precision) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
  moment constant timestamptz := clock_timestamp();
  code constant text := left(p_error_code, 64);
  settled resilience.alert_deliveries;
begin
  if p_result is null or p_result not in ('delivered', 'failed', 'postponed', 'gone') then
    raise exception 'Cannot settle the delivery as ''%'' is no result', p_result
      using errcode = 'invalid_parameter_value';
  end if;
  update resilience.alert_deliveries delivery set lease_token = null, lease_until = null,
      attempts = delivery.attempts - case p_result when 'postponed' then 1 else 0 end,
      delivered_at = case p_result when 'delivered' then moment end,
      given_up_at = case when p_result = 'gone' or p_result in ('failed', 'postponed')
        and delivery.created_at < moment - make_interval(secs => p_give_up_seconds) then moment end,
      last_error_code = case when p_result <> 'delivered' then code end,
      next_try_at = moment + make_interval(secs => coalesce(p_wait_ms, 0) / 1000),
      wait_ms = case p_result when 'failed' then coalesce(p_wait_ms, 0) else delivery.wait_ms end
    where delivery.id = p_id and delivery.delivered_at is null and delivery.given_up_at is null
      and (p_result = 'delivered' or delivery.lease_token = p_lease_token)
    returning * into settled;
  if not found then
    return false;
  end if;
  if p_result = 'postponed' then
    return true;
  end if;
  update resilience.alert_sinks sink
    set last_delivered_at = case p_result when 'delivered' then moment else sink.last_delivered_at end,
      last_failed_at = case p_result when 'delivered' then sink.last_failed_at else moment end,
      last_error_code = case p_result when 'delivered' then sink.last_error_code else code end,
      disabled_at = case p_result when 'gone' then moment else sink.disabled_at end,
      disabled_reason = case p_result when 'gone' then coalesce(code, 'gone') else sink.disabled_reason end
    where sink.name = settled.sink;
  if p_result = 'gone' then
    -- Those under a lease are settled by whoever holds it.
    update resilience.alert_deliveries delivery set given_up_at = moment, last_error_code = 'sink_disabled'
      where delivery.sink = settled.sink and delivery.delivered_at is null and delivery.given_up_at is null
        and delivery.lease_token is null;
  end if;
  return true;
end
$$;

-- A sink that has proved that it can be reached is told again.
create function resilience.enable_alert_sink(p_name text) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update resilience.alert_sinks sink set disabled_at = null, disabled_reason = null
    where sink.name = p_name and sink.disabled_at is not null;
  return found;
end
$$;

-- Forgets alerts that were resolved before `p_before`, with all that was told of them; what was told that long ago of those
-- still open; and silences that have ended. A dry run only counts.
create function resilience.purge_alerts(p_before timestamptz, p_max_rows integer default 10000,
  p_is_dry_run boolean default false) returns integer
language sql volatile security definer set search_path = ''
as $$
  with past_alerts as materialized (
    select alert.id from resilience.alerts alert where alert.state = 'resolved' and alert.resolved_at < p_before
    order by alert.resolved_at limit p_max_rows for update skip locked
  ),
  past_notices as materialized (
    select notice.id from resilience.alert_notices notice join resilience.alerts alert on alert.id = notice.alert_id
    where alert.state <> 'resolved' and notice.created_at < p_before
      and (notice.fanned_out_at is not null or notice.cancelled_at is not null)
      -- The latest is kept: reminders count from it, and the sinks that were told are told of the end.
      and exists (select from resilience.alert_notices newer where newer.alert_id = notice.alert_id and newer.id > notice.id
        and newer.fanned_out_at is not null)
      and not exists (select from resilience.alert_deliveries delivery where delivery.notice_id = notice.id
        and delivery.delivered_at is null and delivery.given_up_at is null)
    order by notice.id limit p_max_rows for update of notice skip locked
  ),
  past_silences as materialized (
    select silence.id from resilience.alert_silences silence where silence.until_at < p_before
    order by silence.until_at limit p_max_rows for update skip locked
  ),
  purged_alerts as (
    delete from resilience.alerts alert using past_alerts past where alert.id = past.id and not p_is_dry_run
  ),
  purged_notices as (
    delete from resilience.alert_notices notice using past_notices past where notice.id = past.id and not p_is_dry_run
  ),
  purged_silences as (
    delete from resilience.alert_silences silence using past_silences past where silence.id = past.id and not p_is_dry_run
  )
  select greatest((select count(*) from past_alerts), (select count(*) from past_notices),
    (select count(*) from past_silences))::integer;
$$;

revoke execute on function resilience.register_alert_sinks(text[], text[]),
  resilience.fan_out_alert_notices(text[], text[], integer),
  resilience.claim_alert_deliveries(text[], integer, double precision),
  resilience.settle_alert_delivery(uuid, uuid, text, text, double precision, double precision),
  resilience.enable_alert_sink(text), resilience.purge_alerts(timestamptz, integer, boolean) from public;
grant execute on function resilience.register_alert_sinks(text[], text[]),
  resilience.fan_out_alert_notices(text[], text[], integer),
  resilience.claim_alert_deliveries(text[], integer, double precision),
  resilience.settle_alert_delivery(uuid, uuid, text, text, double precision, double precision),
  resilience.enable_alert_sink(text), resilience.purge_alerts(timestamptz, integer, boolean) to service_role;
