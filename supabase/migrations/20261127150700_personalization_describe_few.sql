-- A statement that adds no product (an upsert of known ones, an insert of none) describes none: no list of ids stands for all of them, so
-- one row of one vendor would have all products of the market described anew, and locked.
create or replace function personalization.describe_new_products() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_added uuid[] := array(select added.id from added);
begin
  if cardinality(v_added) > 0 then
    perform personalization.describe_products(v_added);
  end if;
  return null;
end;
$$;
revoke execute on function personalization.describe_new_products() from public;
