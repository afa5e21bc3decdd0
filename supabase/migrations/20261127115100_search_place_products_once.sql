-- A product placed twice at the same moment has one place: the index says so, and whoever comes second waits for the first.
delete from search.pins p using search.pins later
where (p.vendor_id, p.query, p.category_id, p.product_id) is not distinct from
  (later.vendor_id, later.query, later.category_id, later.product_id) and (p.created_at, p.id) < (later.created_at, later.id);
create unique index pins_are_one_a_product on search.pins (vendor_id, query, category_id, product_id) nulls not distinct;

