-- What a choice says beside what was shown with it. The traits that set the choice apart count, those that all had in common
-- do not; and what stood above it and was not taken speaks a little against the traits that only it had.

-- The traits of a chosen product by how few of the others had them.
create function personalization.chosen_weights(p_traits text[], p_weights real[], p_others uuid[]) returns real[]
language plpgsql
stable
set search_path = ''
as $$
begin
  return (select array_agg((said.weight * (1 - coalesce(common.share, 0)))::real order by said.place)
  from unnest(p_traits, p_weights) with ordinality said(trait, weight, place)
  left join (
    select other.trait, count(*)::real / greatest((select count(*) from personalization.product_traits t
      where t.product_id = any (p_others)), 1) as share
    from personalization.product_traits t, unnest(t.traits) other(trait)
    where t.product_id = any (p_others) and other.trait = any (p_traits)
    group by other.trait
  ) common using (trait));
end;
$$;
revoke execute on function personalization.chosen_weights(text[], real[], uuid[]) from public;
grant execute on function personalization.chosen_weights(text[], real[], uuid[]) to service_role;
comment on function personalization.chosen_weights(text[], real[], uuid[]) is
  'What a choice says of its traits, by how few of the others had them.';

-- Counts the products above the chosen one as passed over: each once a list, whoever clicks how often.
create function personalization.skip_above(
  p_subject uuid,
  p_list uuid,
  p_chosen uuid,
  p_above uuid[],
  p_traits text[],
  p_at timestamptz
) returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_skipped record;
  v_event uuid;
  v_strength real;
begin
  for v_skipped in
    select t.product_id, t.vendor_id,
      array_agg(said.trait order by said.trait) as traits, array_agg(said.weight order by said.trait) as weights
    from personalization.product_traits t
    join public.products p on p.id = t.product_id and p.status = 'active'
    join public.vendors v on v.id = t.vendor_id and v.status = 'active',
      unnest(t.traits, t.weights) said(trait, weight)
    where t.product_id = any (p_above) and t.product_id <> p_chosen and said.trait <> all (p_traits)
      and said.trait not like 'vendor:%'
    group by t.product_id order by t.product_id limit 30
  loop
    v_event := md5('skipped ' || p_subject || p_list || v_skipped.product_id)::uuid;
    insert into personalization.event_keys (event_id) values (v_event) on conflict do nothing;
    continue when not found;
    select w.weight into v_strength from personalization.signal_weights_now w
    where w.signal = 'skipped' and w.vendor_id in (v_skipped.vendor_id, '00000000-0000-0000-0000-000000000000')
    order by w.vendor_id desc limit 1;
    insert into personalization.interactions
      (event_id, occurred_at, subject_id, signal, product_id, vendor_id, list_id, strength, evidence, raw)
    values (v_event, p_at, p_subject, 'skipped', v_skipped.product_id, v_skipped.vendor_id, p_list, v_strength,
      (select jsonb_object_agg(said.trait, said.weight) from unnest(v_skipped.traits, v_skipped.weights) said(trait, weight)),
      jsonb_build_object('type', 'skipped', 'derivedFrom', p_list));
    perform personalization.add_evidence(p_subject, 'skipped', v_strength, p_at, v_skipped.traits, v_skipped.weights);
  end loop;
end;
$$;
revoke execute on function personalization.skip_above(uuid, uuid, uuid, uuid[], text[], timestamptz) from public;
grant execute on function personalization.skip_above(uuid, uuid, uuid, uuid[], text[], timestamptz) to service_role;
comment on function personalization.skip_above(uuid, uuid, uuid, uuid[], text[], timestamptz) is
  'Counts what stood above a choice as passed over, once a list.';
