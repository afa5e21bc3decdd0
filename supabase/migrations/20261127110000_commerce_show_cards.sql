-- The cards of chosen products, in the order they were chosen in, as they are by now: what went off sale since is not among them.
create function commerce.product_cards(p_ids uuid[], p_month integer default null) returns json
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_month smallint := coalesce(p_month, extract(month from now()));
begin
  return (select coalesce(json_agg(json_build_object(
      'id', p.id, 'name', p.name, 'vendorId', p.vendor_id, 'vendorName', v.name, 'categoryId', p.category_id,
      'category', c.slug, 'brand', p.brand, 'price', p.price, 'currency', p.currency, 'unit', p.unit,
      'unitSize', p.unit_size, 'attributes', p.attributes, 'rating', p.rating,
      'inSeason', p.season_months = '{}' or v_month = any (p.season_months),
      'stock', case when p.stock > 5 then 'in' else 'low' end) order by wanted.place), '[]')
    from unnest(p_ids[1:100]) with ordinality wanted(id, place)
    join public.products p on p.id = wanted.id
    join public.vendors v on v.id = p.vendor_id
    join public.categories c on c.id = p.category_id
    where p.status = 'active' and p.stock > 0 and (p.expires_at is null or p.expires_at > now()) and v.status = 'active');
end;
$$;
revoke execute on function commerce.product_cards(uuid[], integer) from public;
grant execute on function commerce.product_cards(uuid[], integer) to anon, authenticated, service_role;
comment on function commerce.product_cards(uuid[], integer) is 'Cards of products that are on sale.';
