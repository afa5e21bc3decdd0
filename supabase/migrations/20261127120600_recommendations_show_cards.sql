-- The cards of chosen products, as they are by now: what went off sale since it was chosen is not among them.
create function recommendations.cards(p_ids uuid[]) returns json
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(json_agg(json_build_object(
    'id', p.id, 'name', p.name, 'vendorId', p.vendor_id, 'vendorName', v.name, 'categoryId', p.category_id,
    'category', c.slug, 'brand', p.brand, 'price', p.price, 'currency', p.currency, 'unit', p.unit,
    'unitSize', p.unit_size, 'attributes', p.attributes, 'rating', p.rating,
    'inSeason', cardinality(p.season_months) = 0 or extract(month from now())::smallint = any (p.season_months),
    'stock', case when p.stock > 5 then 'in' else 'low' end)), '[]')
  from unnest(p_ids[1:60]) wanted(id)
  join recommendations.on_sale s on s.id = wanted.id
  join public.products p on p.id = wanted.id
  join public.vendors v on v.id = p.vendor_id
  join public.categories c on c.id = p.category_id;
$$;
revoke execute on function recommendations.cards(uuid[]) from public;
grant execute on function recommendations.cards(uuid[]) to anon, authenticated, service_role;
comment on function recommendations.cards(uuid[]) is 'Cards of products that are on sale.';
