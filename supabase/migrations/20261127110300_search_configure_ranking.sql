-- What the market, and each vendor for searches within their shop, may decide of ranking: weights, what stands first or last,
-- and which words mean the same. Null vendor: the market.

create table search.rankings (
  version bigint primary key generated always as identity,
  vendor_id uuid references public.vendors (id) on delete cascade,
  relevance real not null,
  personal real not null,
  recency real not null,
  popularity real not null,
  season real not null,
  -- What a product loses for each of the last few hits that is of its vendor.
  diversity real not null default 0.02,
  note text,
  created_by text not null,
  created_at timestamptz not null default now(),
  constraint weights_are_shares check (least(relevance, personal, recency, popularity, season) >= 0),
  constraint weights_sum_to_one check (abs(relevance + personal + recency + popularity + season - 1) < 0.001),
  constraint relevance_matters check (relevance >= 0.1),
  constraint diversity_is_weak check (diversity between 0 and 0.2),
  constraint ranking_note_is_short check (length(note) <= 500)
);
create index rankings_by_vendor on search.rankings (vendor_id);
comment on table search.rankings is 'Versions of the ranking''s weights. A version never changes.';

-- One row each time a version was made the active one: the last row of a scope says which is active now.
create table search.activations (
  id bigint primary key generated always as identity,
  vendor_id uuid references public.vendors (id) on delete cascade,
  version bigint not null references search.rankings (version) on delete cascade,
  activated_by text not null,
  activated_at timestamptz not null default now()
);
create index activations_by_vendor on search.activations (vendor_id, id desc);
create index activations_by_version on search.activations (version);
comment on table search.activations is 'Which version of the weights was active from when.';
with first_version as (
  insert into search.rankings (relevance, personal, recency, popularity, season, note, created_by)
  values (0.4, 0.3, 0.1, 0.1, 0.1, 'What search begins with', 'ballast') returning version
)
insert into search.activations (version, activated_by) select version, 'ballast' from first_version;

create table search.pins (
  id uuid primary key default gen_random_uuid(),
  vendor_id uuid references public.vendors (id) on delete cascade,
  -- Folded, as search.fold gives it. Null: pins of a category.
  query text,
  category_id uuid references public.categories (id) on delete cascade,
  product_id uuid not null references public.products (id) on delete cascade,
  action text not null,
  place smallint not null default 1,
  starts_at timestamptz not null default now(),
  ends_at timestamptz,
  created_by text not null,
  created_at timestamptz not null default now(),
  constraint pin_is_of_a_query_or_a_category check (num_nonnulls(query, category_id) = 1),
  constraint pin_query_is_short check (length(query) between 1 and 200),
  constraint pin_action_is_known check (action in ('pin', 'bury')),
  constraint place_is_counted_from_one check (place between 1 and 20),
  constraint pin_ends_after_it_starts check (ends_at > starts_at)
);
-- A product placed twice at the same moment has one place: whoever comes second waits for the first.
create unique index pins_are_one_a_product on search.pins (vendor_id, query, category_id, product_id) nulls not distinct;
create index pins_by_query on search.pins (query);
create index pins_by_category on search.pins (category_id);
create index pins_by_product on search.pins (product_id);
create index pins_by_vendor on search.pins (vendor_id);
comment on table search.pins is 'Products that stand first, or last, in searches for a query or a category.';

create table search.synonyms (
  id uuid primary key default gen_random_uuid(),
  vendor_id uuid references public.vendors (id) on delete cascade,
  term text not null,
  meanings text[] not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  constraint synonyms_are_one_a_term unique nulls not distinct (vendor_id, term),
  constraint term_is_folded check (term ~ '^[a-z0-9]+( [a-z0-9]+){0,3}$' and length(term) <= 100),
  constraint meanings_are_few check (cardinality(meanings) between 1 and 10)
);
create index synonyms_by_term on search.synonyms (term);
comment on table search.synonyms is 'What else a term of a query is searched as, one way.';

-- A comparison of versions on real shoppers, each of whom keeps their arm.
create table search.experiments (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  control_version bigint not null references search.rankings (version),
  treatment_version bigint not null references search.rankings (version),
  share real not null default 0.5,
  starts_at timestamptz not null default now(),
  ends_at timestamptz not null,
  stopped_at timestamptz,
  created_at timestamptz not null default now(),
  constraint experiment_name_is_short check (length(name) between 1 and 100),
  constraint experiment_compares_two check (control_version <> treatment_version),
  constraint share_is_inside check (share > 0 and share < 1),
  constraint experiment_ends_after_it_starts check (ends_at > starts_at and ends_at <= starts_at + interval '180 days')
);
create index experiments_by_control on search.experiments (control_version);
create index experiments_by_treatment on search.experiments (treatment_version);
create index experiments_by_end on search.experiments (ends_at);
comment on table search.experiments is 'Comparisons of two versions of the market''s weights.';

alter table search.rankings enable row level security;
alter table search.activations enable row level security;
alter table search.pins enable row level security;
alter table search.synonyms enable row level security;
alter table search.experiments enable row level security;
revoke all on search.rankings, search.activations, search.pins, search.synonyms, search.experiments
  from public, anon, authenticated;
grant select, insert, update, delete on search.rankings, search.activations, search.pins, search.synonyms, search.experiments
  to service_role;
