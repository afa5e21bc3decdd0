-- What shoppers said of what they were recommended. It is their word, not a guess: it is kept for those who opted out of
-- being learned about, too, and honoured at once.
create table recommendations.dismissals (
  subject_id uuid not null,
  product_id uuid not null references public.products (id) on delete cascade,
  action text not null,
  list_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (subject_id, product_id),
  constraint dismissal_is_known check (action in ('dismiss', 'not_interested'))
);
create index dismissals_by_product on recommendations.dismissals (product_id);
comment on table recommendations.dismissals is 'Products that a shopper does not want to be recommended.';
comment on column recommendations.dismissals.action is 'dismiss: not this product; not_interested: nor what is like it.';

create table recommendations.praises (
  subject_id uuid not null,
  product_id uuid not null references public.products (id) on delete cascade,
  list_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (subject_id, list_id, product_id)
);
create index praises_by_product on recommendations.praises (product_id);
create index praises_by_list on recommendations.praises (list_id);
comment on table recommendations.praises is 'Recommendations that a shopper called helpful.';

alter table recommendations.dismissals enable row level security;
alter table recommendations.praises enable row level security;
revoke all on recommendations.dismissals, recommendations.praises from public, anon, authenticated;
grant select, insert, update, delete on recommendations.dismissals, recommendations.praises to service_role;
