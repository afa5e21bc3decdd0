-- Pins and synonyms. What a vendor says acts in searches within their shop, on their own products.

create function search.put_pin(p_vendor uuid, p_pin jsonb, p_by text) returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_product uuid := (p_pin ->> 'productId')::uuid;
  v_category uuid;
  v_query text := nullif(search.fold(p_pin ->> 'query'), '');
  v_id uuid;
begin
  perform search.check_admin(p_vendor, 'place products');
  if not exists (select 1 from public.products p where p.id = v_product and (p_vendor is null or p.vendor_id = p_vendor)) then
    raise exception 'Cannot place the product as there is no such product' using errcode = 'BL404';
  end if;
  if p_pin ? 'category' then
    select c.id into v_category from public.categories c where c.slug = p_pin ->> 'category';
    if not found then
      raise exception 'Cannot place the product as there is no such category' using errcode = 'BL404';
    end if;
  elsif v_query is null then
    raise exception 'Cannot place the product as the query has no words' using errcode = 'BL422', detail = 'query';
  end if;
  -- One after the other in a scope: two that come at once would each find nothing placed yet.
  perform pg_advisory_xact_lock(hashtextextended('search pins ' || coalesce(p_vendor::text, 'market'), 0));
  -- A product has one place a query, so that saying it twice is saying it once.
  select p.id into v_id from search.pins p
  where p.vendor_id is not distinct from p_vendor and p.query is not distinct from case when v_category is null then v_query end
    and p.category_id is not distinct from v_category and p.product_id = v_product for update;
  if v_id is null and (select count(*) from search.pins p where p.vendor_id is not distinct from p_vendor) >= 500 then
    raise exception 'Cannot place the product as 500 are placed already' using errcode = 'BL409';
  end if;
  v_id := coalesce(v_id, gen_random_uuid());
  insert into search.pins as kept (id, vendor_id, query, category_id, product_id, action, place, starts_at, ends_at, created_by)
  values (v_id, p_vendor, case when v_category is null then v_query end, v_category, v_product, p_pin ->> 'action',
    coalesce((p_pin ->> 'place')::smallint, 1), coalesce((p_pin ->> 'startsAt')::timestamptz, now()),
    (p_pin ->> 'endsAt')::timestamptz, p_by)
  on conflict (id) do update set action = excluded.action, place = excluded.place, starts_at = excluded.starts_at,
    ends_at = excluded.ends_at, created_by = excluded.created_by;
  return v_id;
exception when check_violation then
  raise exception 'Cannot place the product as it must end after it starts' using errcode = 'BL422', detail = 'endsAt';
end;
$$;
revoke execute on function search.put_pin(uuid, jsonb, text) from public;
grant execute on function search.put_pin(uuid, jsonb, text) to authenticated, service_role;
comment on function search.put_pin(uuid, jsonb, text) is 'Puts a product first or last in searches.';

create function search.put_synonyms(p_vendor uuid, p_term text, p_meanings text[], p_by text) returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_term text := search.fold(p_term);
  v_meanings text[] := array(
    select distinct search.fold(m) from unnest(p_meanings) m where search.fold(m) not in ('', search.fold(p_term)) order by 1);
  v_id uuid;
begin
  perform search.check_admin(p_vendor, 'change synonyms');
  if v_term !~ '^[a-z0-9]+( [a-z0-9]+){0,3}$' or length(v_term) > 100 or cardinality(v_meanings) = 0 then
    raise exception 'Cannot keep synonyms as a term has one to four words, and a meaning must differ from it'
      using errcode = 'BL422', detail = 'term';
  end if;
  if (select count(*) from search.synonyms s where s.vendor_id is not distinct from p_vendor and s.term <> v_term) >= 1000 then
    raise exception 'Cannot keep synonyms as there are 1000 terms already' using errcode = 'BL409';
  end if;
  insert into search.synonyms as kept (vendor_id, term, meanings, created_by) values (p_vendor, v_term, v_meanings, p_by)
  on conflict (vendor_id, term) do update set meanings = excluded.meanings, created_by = excluded.created_by
  returning id into v_id;
  return v_id;
end;
$$;
revoke execute on function search.put_synonyms(uuid, text, text[], text) from public;
grant execute on function search.put_synonyms(uuid, text, text[], text) to authenticated, service_role;
comment on function search.put_synonyms(uuid, text, text[], text) is 'Keeps what else a term is searched as.';

-- Removes a pin or synonyms of the scope; false where there was nothing of that id.
create function search.remove_rule(p_vendor uuid, p_id uuid) returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_pins integer;
  v_synonyms integer;
begin
  perform search.check_admin(p_vendor, 'remove a rule');
  delete from search.pins p where p.id = p_id and p.vendor_id is not distinct from p_vendor;
  get diagnostics v_pins = row_count;
  delete from search.synonyms s where s.id = p_id and s.vendor_id is not distinct from p_vendor;
  get diagnostics v_synonyms = row_count;
  return v_pins + v_synonyms > 0;
end;
$$;
revoke execute on function search.remove_rule(uuid, uuid) from public;
grant execute on function search.remove_rule(uuid, uuid) to authenticated, service_role;
comment on function search.remove_rule(uuid, uuid) is 'Removes a pin or synonyms.';
