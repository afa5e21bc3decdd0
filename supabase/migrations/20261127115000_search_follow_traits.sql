-- What a name implies is learned after the product is there, too: a new rule describes products anew without a change of theirs. Documents
-- follow, or a search without anything spicy would go on showing what is known to be spicy by now.
create function search.follow_traits() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_ids uuid[];
begin
  -- Planned anew each time: a plan that is kept is one for as few rows as came first, and takes a hundred thousand row by row.
  execute 'select array(
    select n.product_id from after_change n join before_change o using (product_id)
    where n.traits <> o.traits
      and array(select said.trait from unnest(n.traits) said(trait) where starts_with(said.trait, ''attribute:'') order by 1)
        <> array(select said.trait from unnest(o.traits) said(trait) where starts_with(said.trait, ''attribute:'') order by 1)
    order by 1)' into v_ids;
  if cardinality(v_ids) > 0 then
    perform search.describe_products(v_ids);
  end if;
  return null;
end;
$$;
revoke execute on function search.follow_traits() from public;
create trigger traits_search_changed after update on personalization.product_traits
  referencing old table as before_change new table as after_change for each statement execute function search.follow_traits();
