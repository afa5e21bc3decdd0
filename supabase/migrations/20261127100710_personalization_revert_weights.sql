-- Puts an older version of weights in force again, as a new one: what was in force is never written over.
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
