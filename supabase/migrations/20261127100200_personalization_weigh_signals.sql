-- What each signal counts. The market has defaults; a vendor may weigh otherwise for its own products. Each change is a version.

create table personalization.signal_weights (
  id bigint primary key generated always as identity,
  vendor_id uuid references public.vendors (id) on delete cascade,
  version integer not null,
  weights jsonb not null,
  note text,
  changed_by text not null,
  changed_at timestamptz not null default now(),
  constraint version_is_the_vendors_own unique nulls not distinct (vendor_id, version),
  constraint weights_are_an_object check (jsonb_typeof(weights) = 'object'),
  constraint weights_note_is_short check (length(note) <= 500)
);
comment on table personalization.signal_weights is 'What signals count, a version a change. No vendor: the market''s default.';

-- The weights that are in force, for the hot path. The zero id stands for the market.
create table personalization.signal_weights_now (
  vendor_id uuid not null,
  signal text not null,
  weight real not null,
  primary key (vendor_id, signal),
  constraint weight_is_bounded check (weight between -2 and 2)
);
comment on table personalization.signal_weights_now is 'The weights that are in force.';

alter table personalization.signal_weights enable row level security;
alter table personalization.signal_weights_now enable row level security;
revoke all on personalization.signal_weights, personalization.signal_weights_now from public, anon, authenticated;
grant select, insert, update, delete on personalization.signal_weights, personalization.signal_weights_now to service_role;

create function personalization.default_weights() returns jsonb
language sql
immutable parallel safe
set search_path = ''
as $$
  select '{"purchase": 0.8, "repeat_purchase": 1.0, "bulk_purchase": 1.2, "subscription": 1.5, "add_to_cart": 0.5,
    "quantity_increase": 0.6, "save_for_later": 0.4, "remove_from_cart": -0.4, "click": 0.2, "view_details": 0.15,
    "dwell_10s": 0.1, "dwell_30s": 0.25, "dwell_60s": 0.3, "impression": 0, "skipped": -0.05, "viewed_often": -0.2,
    "returned": -0.8}'::jsonb;
$$;
revoke execute on function personalization.default_weights() from public;
grant execute on function personalization.default_weights() to service_role;
comment on function personalization.default_weights() is 'What signals count where nobody has said otherwise.';

-- Puts a version in force. Only signals that there are, only numbers from -2 to 2; what speaks for a product stays for it.
-- Who changed weights is who is signed in, whatever the caller says; an impression counts nothing, whoever wants it to; and an
-- older version can be put in force again, as a new one.
create function personalization.set_weights(p_vendor uuid, p_changes jsonb, p_expected integer, p_note text, p_by text)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_version integer;
  v_weights jsonb;
  v_signal text;
  v_weight jsonb;
  v_default numeric;
begin
  if auth.role() is distinct from 'service_role' and (p_vendor is null or not p_vendor = any (commerce.my_vendors())) then
    raise exception 'Cannot change the weights as the caller does not act for the vendor' using errcode = 'BL403';
  end if;
  if p_vendor is not null and not exists (select 1 from public.vendors where id = p_vendor) then
    raise exception 'Cannot change the weights as there is no such vendor' using errcode = 'BL404';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('signal weights ' || coalesce(p_vendor::text, 'market'), 0));
  select w.version, w.weights into v_version, v_weights from personalization.signal_weights w
  where w.vendor_id is not distinct from p_vendor order by w.version desc limit 1;
  if p_expected is not null and p_expected <> coalesce(v_version, 0) then
    raise exception 'Cannot change the weights as version % is in force: % was expected', coalesce(v_version, 0), p_expected
      using errcode = 'BL409';
  end if;
  v_weights := coalesce(v_weights, case when p_vendor is null then personalization.default_weights() else '{}' end);
  for v_signal, v_weight in select key, value from jsonb_each(p_changes) loop
    v_default := (personalization.default_weights() ->> v_signal)::numeric;
    if v_default is null then
      raise exception 'Cannot weigh signal % as there is no such signal', v_signal using errcode = 'BL422', detail = 'weights';
    end if;
    if jsonb_typeof(v_weight) = 'null' then
      -- A vendor goes back to the market's weight, the market to the one it was delivered with.
      v_weights := case when p_vendor is null then v_weights || jsonb_build_object(v_signal, v_default) else v_weights - v_signal end;
      continue;
    end if;
    if jsonb_typeof(v_weight) <> 'number' or v_weight::text::numeric not between -2 and 2
      or v_weight::text::numeric * v_default < 0 or (v_default = 0 and v_weight::text::numeric <> 0) then
      raise exception 'Cannot weigh signal % by %: it must be a number from -2 to 2 with the sign of %', v_signal, v_weight, v_default
        using errcode = 'BL422', detail = 'weights.' || v_signal;
    end if;
    v_weights := v_weights || jsonb_build_object(v_signal, v_weight);
  end loop;
  insert into personalization.signal_weights (vendor_id, version, weights, note, changed_by)
  values (p_vendor, coalesce(v_version, 0) + 1, v_weights, p_note,
    case when auth.role() = 'service_role' then p_by else 'user:' || auth.uid() end);
  delete from personalization.signal_weights_now where vendor_id = coalesce(p_vendor, '00000000-0000-0000-0000-000000000000');
  insert into personalization.signal_weights_now (vendor_id, signal, weight)
  select coalesce(p_vendor, '00000000-0000-0000-0000-000000000000'), key, value::text::real from jsonb_each(v_weights);
  return jsonb_build_object('version', coalesce(v_version, 0) + 1, 'weights', v_weights);
end;
$$;
revoke execute on function personalization.set_weights(uuid, jsonb, integer, text, text) from public;
grant execute on function personalization.set_weights(uuid, jsonb, integer, text, text) to authenticated, service_role;
comment on function personalization.set_weights(uuid, jsonb, integer, text, text) is 'Puts changed weights in force, as a new version.';

-- The versions of a vendor or of the market, the newest first, and what is in force after all.
create function personalization.read_weights(p_vendor uuid, p_limit integer) returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  if auth.role() is distinct from 'service_role' and (p_vendor is null or not p_vendor = any (commerce.my_vendors())) then
    raise exception 'Cannot read the weights as the caller does not act for the vendor' using errcode = 'BL403';
  end if;
  return jsonb_build_object(
    'effective', (
      select jsonb_object_agg(signal, weight) from (
        select distinct on (w.signal) w.signal, w.weight from personalization.signal_weights_now w
        where w.vendor_id in (coalesce(p_vendor, '00000000-0000-0000-0000-000000000000'), '00000000-0000-0000-0000-000000000000')
        order by w.signal, w.vendor_id desc) strongest),
    'versions', coalesce((
      select jsonb_agg(to_jsonb(v) order by v.version desc) from (
        select w.version, w.weights, w.note, w.changed_by as "changedBy", w.changed_at as "changedAt"
        from personalization.signal_weights w where w.vendor_id is not distinct from p_vendor
        order by w.version desc limit p_limit) v), '[]'::jsonb));
end;
$$;
revoke execute on function personalization.read_weights(uuid, integer) from public;
grant execute on function personalization.read_weights(uuid, integer) to authenticated, service_role;
comment on function personalization.read_weights(uuid, integer) is 'Versions of weights, and what is in force.';

insert into personalization.signal_weights (vendor_id, version, weights, note, changed_by)
values (null, 1, personalization.default_weights(), 'As delivered', 'migration');
insert into personalization.signal_weights_now (vendor_id, signal, weight)
select '00000000-0000-0000-0000-000000000000', key, value::text::real from jsonb_each(personalization.default_weights());
