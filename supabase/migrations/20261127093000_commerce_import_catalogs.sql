-- What a vendor's catalog said that the market has no column for: kept as it was sent, beside what healing made of it. It is
-- also how the same file is told from another one.
create table commerce.catalog_extras (
  vendor_id uuid not null,
  sku text not null,
  extras jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (vendor_id, sku),
  foreign key (vendor_id, sku) references public.products (vendor_id, sku) on update cascade on delete cascade,
  constraint extras_are_an_object check (jsonb_typeof(extras) = 'object'),
  constraint extras_are_bounded check (pg_column_size(extras) <= 65536)
);
create trigger catalog_extras_touch before update on commerce.catalog_extras
  for each row execute function commerce.touch_updated_at();
comment on table commerce.catalog_extras is 'Fields of imported catalogs that no column of products has.';

alter table commerce.catalog_extras enable row level security;
revoke all on commerce.catalog_extras from public, anon, authenticated;
grant select, insert, update, delete on commerce.catalog_extras to authenticated, service_role;
create policy extras_are_the_vendors on commerce.catalog_extras for all to authenticated
  using (vendor_id = any ((select commerce.my_vendors())::uuid[]))
  with check (vendor_id = any ((select commerce.my_vendors())::uuid[]));
