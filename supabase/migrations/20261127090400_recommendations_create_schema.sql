-- What batch jobs learn of products and recommendations read.

create schema recommendations;
comment on schema recommendations is 'What goes with what. Not exposed to the API.';
grant usage on schema recommendations to anon, authenticated, service_role;

-- Item-item models in closed form, a version a training. One is active.
create table recommendations.item_models (
  version bigint primary key generated always as identity,
  status text not null default 'training',
  settings jsonb not null default '{}',
  metrics jsonb not null default '{}',
  started_at timestamptz not null default now(),
  activated_at timestamptz,
  constraint model_status_is_known check (status in ('training', 'active', 'retired', 'rejected')),
  constraint active_model_has_its_moment check (status <> 'active' or activated_at is not null)
);
create unique index item_models_one_active on recommendations.item_models (status) where status = 'active';
comment on table recommendations.item_models is 'Versions of the item-item model.';

-- For a product somebody wants: which others they will want, strongest first.
create table recommendations.neighbours (
  version bigint not null references recommendations.item_models (version) on delete cascade,
  product_id uuid not null references public.products (id) on delete cascade,
  neighbour_ids uuid[] not null,
  weights real[] not null,
  primary key (version, product_id),
  constraint each_neighbour_has_a_weight check (cardinality(neighbour_ids) = cardinality(weights)),
  constraint neighbours_are_few check (cardinality(neighbour_ids) <= 100)
);
create index neighbours_by_product on recommendations.neighbours (product_id);
comment on table recommendations.neighbours is 'The item-item model, a row a product.';

-- What is bought in one order with what, made by the hourly job.
create table recommendations.associations (
  product_id uuid not null references public.products (id) on delete cascade,
  other_id uuid not null references public.products (id) on delete cascade,
  orders integer not null,
  confidence real not null,
  lift real not null,
  updated_at timestamptz not null default now(),
  primary key (product_id, other_id),
  constraint product_is_not_its_own_company check (product_id <> other_id),
  constraint orders_are_counted check (orders >= 1),
  constraint confidence_is_a_share check (confidence > 0 and confidence <= 1),
  constraint lift_is_positive check (lift > 0)
);
create index associations_by_strength on recommendations.associations (product_id, lift desc);
create index associations_by_other on recommendations.associations (other_id);
comment on table recommendations.associations is 'Products bought together.';

alter table recommendations.item_models enable row level security;
alter table recommendations.neighbours enable row level security;
alter table recommendations.associations enable row level security;
revoke all on recommendations.item_models, recommendations.neighbours, recommendations.associations
  from public, anon, authenticated;
grant select, insert, update, delete on recommendations.item_models, recommendations.neighbours, recommendations.associations
  to service_role;
