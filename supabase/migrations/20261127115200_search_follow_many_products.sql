-- Ten thousand products changed at once, by a connection that had changed one before, took fifteen seconds: PL/pgSQL keeps the plan that
-- was made for one row, and compares each row before with each row after. Planned anew each time, it takes one.
create or replace function search.follow_changed_products() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_ids uuid[];
begin
  execute 'select array(
    select n.id from after_change n join before_change o using (id)
    where (o.vendor_id, o.category_id, o.name, o.description, o.brand, o.attributes, o.price, o.season_months, o.status,
        o.stock > 0, o.stock <= 5, o.expires_at)
      is distinct from (n.vendor_id, n.category_id, n.name, n.description, n.brand, n.attributes, n.price, n.season_months,
        n.status, n.stock > 0, n.stock <= 5, n.expires_at))' into v_ids;
  if cardinality(v_ids) > 0 then
    perform search.describe_products(v_ids);
  end if;
  return null;
end;
$$;
