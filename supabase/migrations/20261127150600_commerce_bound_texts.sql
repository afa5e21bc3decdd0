-- What a vendor writes is shown to all shoppers, on each card of a page: no field of it is as long as its vendor likes.
alter table public.products
  add constraint attributes_are_bounded check (length(attributes::text) <= 5000) not valid,
  add constraint season_months_are_few check (cardinality(season_months) <= 12) not valid;
alter table public.vendors add constraint region_is_short check (length(region) <= 200) not valid;
