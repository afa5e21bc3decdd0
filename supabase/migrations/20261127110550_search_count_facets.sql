-- How many of the matches are of each category, vendor, brand or attribute, and what they cost: only what was asked for.
create function search.count_facets(p_products uuid[], p_facets text[]) returns json
language plpgsql
stable
set search_path = ''
as $$
declare
  v_facets jsonb := '{}';
begin
  if 'categories' = any (p_facets) then
    v_facets := v_facets || jsonb_build_object('categories', (
      select coalesce(jsonb_agg(jsonb_build_object('value', f.slug, 'name', f.name, 'count', f.count)), '[]') from (
        select c.slug, c.name, count(*) from unnest(p_products) m(id) join search.documents d on d.product_id = m.id
        join public.categories c on c.id = any (d.category_ids)
        group by c.id order by count(*) desc, c.slug limit 50) f));
  end if;
  if 'vendors' = any (p_facets) then
    v_facets := v_facets || jsonb_build_object('vendors', (
      select coalesce(jsonb_agg(jsonb_build_object('value', f.id, 'name', f.name, 'count', f.count)), '[]') from (
        select v.id, v.name, count(*) from unnest(p_products) m(id) join search.documents d on d.product_id = m.id
        join public.vendors v on v.id = d.vendor_id group by v.id order by count(*) desc, v.id limit 50) f));
  end if;
  if 'brands' = any (p_facets) then
    v_facets := v_facets || jsonb_build_object('brands', (
      select coalesce(jsonb_agg(jsonb_build_object('value', f.brand, 'name', f.brand, 'count', f.count)), '[]') from (
        select d.brand, count(*) from unnest(p_products) m(id) join search.documents d on d.product_id = m.id
        where d.brand is not null group by d.brand order by count(*) desc, d.brand limit 50) f));
  end if;
  if 'attributes' = any (p_facets) then
    v_facets := v_facets || jsonb_build_object('attributes', (
      select coalesce(jsonb_agg(jsonb_build_object('value', f.attribute, 'name', f.attribute, 'count', f.count)), '[]') from (
        select a.attribute, count(*) from unnest(p_products) m(id) join search.documents d on d.product_id = m.id,
          unnest(d.attributes) a(attribute)
        group by a.attribute order by count(*) desc, a.attribute limit 50) f));
  end if;
  if 'price' = any (p_facets) then
    v_facets := v_facets || jsonb_build_object('price', (
      select jsonb_build_object('min', min(d.price), 'max', max(d.price))
      from unnest(p_products) m(id) join search.documents d on d.product_id = m.id));
  end if;
  return v_facets;
end;
$$;
revoke execute on function search.count_facets(uuid[], text[]) from public;
grant execute on function search.count_facets(uuid[], text[]) to service_role;
comment on function search.count_facets(uuid[], text[]) is 'What the matches of a search divide into.';
