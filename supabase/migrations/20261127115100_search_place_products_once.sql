-- A product placed twice at the same moment has one place: the index says so, and whoever comes second waits for the first.
delete from search.pins p using search.pins later
where (p.vendor_id, p.query, p.category_id, p.product_id) is not distinct from
  (later.vendor_id, later.query, later.category_id, later.product_id) and (p.created_at, p.id) < (later.created_at, later.id);
create unique index pins_are_one_a_product on search.pins (vendor_id, query, category_id, product_id) nulls not distinct;

create or replace function search.put_pin(p_vendor uuid, p_pin jsonb, p_by text) returns uuid
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
