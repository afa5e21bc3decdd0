-- What nothing costs has neither a least nor a most: both are told as null. Left out, the answer did not fit its contract, and each search
-- without a hit that asked for prices failed.
create or replace function search.count_facets(p_products uuid[], p_facets text[]) returns json
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    with matched as materialized (
      select d.category_ids, d.vendor_id, d.brand, d.attributes, d.price
      from unnest(p_products) m(id) join search.documents d on d.product_id = m.id
    )
    select json_object_agg(facet.key, facet.value) from json_each(json_build_object(
      'categories', case when 'categories' = any (p_facets) then (
        select coalesce(json_agg(json_build_object('value', c.slug, 'name', c.name, 'count', f.count) order by f.count desc, c.slug), '[]')
        from (select i.id, count(*) from matched m, unnest(m.category_ids) i(id) group by i.id order by 2 desc, 1 limit 50) f
        join public.categories c using (id)) end,
      'vendors', case when 'vendors' = any (p_facets) then (
        select coalesce(json_agg(json_build_object('value', v.id, 'name', v.name, 'count', f.count) order by f.count desc, v.id), '[]')
        from (select m.vendor_id, count(*) from matched m group by m.vendor_id order by 2 desc, 1 limit 50) f
        join public.vendors v on v.id = f.vendor_id) end,
      'brands', case when 'brands' = any (p_facets) then (
        select coalesce(json_agg(json_build_object('value', f.brand, 'name', f.brand, 'count', f.count)), '[]')
        from (select m.brand, count(*) from matched m where m.brand is not null group by m.brand order by 2 desc, 1 limit 50) f) end,
      'attributes', case when 'attributes' = any (p_facets) then (
        select coalesce(json_agg(json_build_object('value', f.attribute, 'name', f.attribute, 'count', f.count)), '[]')
        from (select a.attribute, count(*) from matched m, unnest(m.attributes) a(attribute)
          group by a.attribute order by 2 desc, 1 limit 50) f) end,
      'price', case when 'price' = any (p_facets) then (
        select json_build_object('min', min(m.price), 'max', max(m.price)) from matched m) end)) facet
    where json_typeof(facet.value) <> 'null');
end;
$$;
revoke execute on function search.count_facets(uuid[], text[]) from public;
grant execute on function search.count_facets(uuid[], text[]) to service_role;
comment on function search.count_facets(uuid[], text[]) is 'What the matches of a search divide into.';
