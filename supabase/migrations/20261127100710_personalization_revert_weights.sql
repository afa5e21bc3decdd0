-- Who changed weights is who is signed in, whatever the caller says; an impression counts nothing, whoever wants it to; and an
-- older version can be put in force again, as a new one.
create or replace function personalization.set_weights(p_vendor uuid, p_changes jsonb, p_expected integer, p_note text, p_by text)
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

create function personalization.revert_weights(p_vendor uuid, p_version integer, p_expected integer, p_note text, p_by text) returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_then jsonb;
begin
  if auth.role() is distinct from 'service_role' and (p_vendor is null or not p_vendor = any (commerce.my_vendors())) then
    raise exception 'Cannot change the weights as the caller does not act for the vendor' using errcode = 'BL403';
  end if;
  if p_version = 0 and p_vendor is not null then
    v_then := '{}';
  else
    select weights into v_then from personalization.signal_weights where vendor_id is not distinct from p_vendor and version = p_version;
  end if;
  if v_then is null then
    raise exception 'Cannot go back to version % of the weights as there is none', p_version using errcode = 'BL404';
  end if;
  return personalization.set_weights(p_vendor,
    (select jsonb_object_agg(key, null) from jsonb_each(personalization.default_weights())) || v_then,
    p_expected, coalesce(p_note, 'Back to version ' || p_version), p_by);
end;
$$;
revoke execute on function personalization.revert_weights(uuid, integer, integer, text, text) from public;
grant execute on function personalization.revert_weights(uuid, integer, integer, text, text) to authenticated, service_role;
comment on function personalization.revert_weights(uuid, integer, integer, text, text) is
  'Puts an older version of weights in force, as a new one; 0 stands for a vendor''s having none.';
