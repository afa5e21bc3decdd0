-- Who is learned about, what they did, and what was learned. Nothing here is exposed to the API: functions come here
-- through definer functions, which take the subject from the caller's claims.

create schema personalization;
comment on schema personalization is 'What shoppers did and what was learned from it. Not exposed to the API.';
grant usage on schema personalization to anon, authenticated, service_role;

-- One row a shopper: a user under their own id, a session without an account under one derived from its secret key.
create table personalization.subjects (
  id uuid primary key,
  is_session boolean not null default false,
  -- Counts changes of what is known of the subject: caches and streams compare it.
  version bigint not null default 1,
  opted_out_at timestamptz,
  -- Traits the subject does not want to be judged by; '*' at the end stands for all that begin so.
  muted_traits text[] not null default '{}',
  merged_into uuid,
  -- What was still on its way when the subject had everything erased does not come back.
  forgotten_at timestamptz,
  created_at timestamptz not null default now(),
  last_event_at timestamptz,
  constraint muted_traits_are_few check (cardinality(muted_traits) <= 200),
  constraint only_sessions_merge check (merged_into is null or is_session),
  constraint subject_is_not_merged_into_itself check (merged_into <> id)
) with (fillfactor = 70);
comment on column personalization.subjects.forgotten_at is 'When the subject had everything erased: events from before are ignored.';
comment on table personalization.subjects is 'Shoppers, as far as something is learned about them.';

-- An event counts once, whatever month it says it is of and whoever sends it again.
create table personalization.event_keys (
  event_id uuid primary key,
  received_at timestamptz not null default now()
);
create index event_keys_by_age on personalization.event_keys using brin (received_at);
comment on table personalization.event_keys is 'Ids of events that have been counted.';

create table personalization.interactions (
  event_id uuid not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null default now(),
  subject_id uuid not null,
  signal text not null,
  product_id uuid,
  vendor_id uuid,
  query text,
  list_id uuid,
  position smallint,
  results_shown smallint,
  quantity numeric(10, 3),
  -- The weight of the signal when it was counted: a replay counts it the same, whatever the weights are by then.
  strength real not null,
  -- What it said of which trait, where that depended on what was shown beside it. Null: what the product's traits say.
  evidence jsonb,
  context jsonb not null default '{}',
  -- The event as it was sent.
  raw jsonb not null,
  primary key (event_id, occurred_at),
  constraint signal_is_a_name check (signal ~ '^[a-z][a-z0-9_]{0,39}$'),
  constraint query_is_short check (length(query) <= 200),
  constraint position_is_counted_from_one check (position >= 1),
  constraint results_shown_is_not_negative check (results_shown >= 0),
  constraint interaction_quantity_is_positive check (quantity > 0)
) partition by range (occurred_at);
create index interactions_by_subject on personalization.interactions (subject_id, occurred_at desc);
create index interactions_by_product on personalization.interactions (product_id, occurred_at);
create index interactions_by_arrival on personalization.interactions (received_at);
create table personalization.interactions_default partition of personalization.interactions default;
comment on table personalization.interactions is 'What shoppers did, a partition a month.';

-- Makes the partitions of the months from p_from to p_to that are not there yet; gives how many it made.
create function personalization.ensure_interaction_months(p_from date, p_to date) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_month date := date_trunc('month', p_from);
  v_name text;
  v_made integer := 0;
begin
  while v_month <= p_to loop
    v_name := 'interactions_' || to_char(v_month, 'YYYY_MM');
    if to_regclass('personalization.' || v_name) is null then
      -- What the default partition holds of the month moves along: Postgres refuses to overlap it otherwise.
      execute format('create table personalization.%I (like personalization.interactions including all)', v_name);
      execute format(
        'with moved as (delete from personalization.interactions_default where occurred_at >= %L and occurred_at < %L returning *)
         insert into personalization.%I select * from moved',
        v_month, v_month + interval '1 month', v_name);
      execute format(
        'alter table personalization.interactions attach partition personalization.%I for values from (%L) to (%L)',
        v_name, v_month, v_month + interval '1 month');
      execute format('alter table personalization.%I enable row level security', v_name);
      execute format('grant select, insert, update, delete on personalization.%I to service_role', v_name);
      v_made := v_made + 1;
    end if;
    v_month := v_month + interval '1 month';
  end loop;
  return v_made;
end;
$$;
revoke execute on function personalization.ensure_interaction_months(date, date) from public;
grant execute on function personalization.ensure_interaction_months(date, date) to service_role;
comment on function personalization.ensure_interaction_months(date, date) is 'Makes the months'' partitions that are lacking.';
select personalization.ensure_interaction_months((now() - interval '1 month')::date, (now() + interval '2 months')::date);

-- What the shopper saw: results of a search, a row of recommendations. An event names the list it came from.
create table personalization.shown_lists (
  id uuid primary key,
  subject_id uuid,
  source text not null,
  kind text not null,
  query text,
  product_ids uuid[] not null,
  -- Which configuration of ranking, model and experiment's arm made it.
  made_by jsonb not null default '{}',
  shown_at timestamptz not null default now(),
  constraint list_source_is_known check (source in ('search', 'recommendations')),
  constraint list_kind_is_a_name check (kind ~ '^[a-z][a-z0-9-]{0,39}$'),
  constraint list_query_is_short check (length(query) <= 200),
  constraint list_is_short check (cardinality(product_ids) <= 200)
);
create index shown_lists_by_age on personalization.shown_lists (shown_at);
create index shown_lists_by_subject on personalization.shown_lists (subject_id, shown_at desc);
comment on table personalization.shown_lists is 'Lists of products that shoppers were shown: what a click can be attributed to.';

-- What is known of a subject and a trait (category:milk, attribute:vegan, brand:.., vendor:.., price:low, ..): evidence for and
-- against by group of signals, each with a half-life of its own, as of one moment. Sums, so that order does not matter.
create table personalization.preferences (
  subject_id uuid not null,
  trait text not null,
  browsed double precision not null default 0,
  carted double precision not null default 0,
  bought double precision not null default 0,
  against double precision not null default 0,
  session_for double precision not null default 0,
  session_against double precision not null default 0,
  as_of timestamptz not null,
  events integer not null default 1,
  primary key (subject_id, trait),
  constraint trait_is_short check (length(trait) between 3 and 160 and trait like '%:%'),
  constraint evidence_is_not_negative check (least(browsed, carted, bought, against, session_for, session_against) >= 0)
) with (fillfactor = 70);
comment on table personalization.preferences is 'Evidence about a subject and a trait, decayed to as_of.';

-- What a product says of whoever wants it: traits and how much each of them says.
create table personalization.product_traits (
  product_id uuid primary key references public.products (id) on delete cascade,
  vendor_id uuid not null,
  category_id uuid not null,
  traits text[] not null,
  weights real[] not null,
  constraint each_trait_has_a_weight check (cardinality(traits) = cardinality(weights))
);
create index product_traits_by_trait on personalization.product_traits using gin (traits);
comment on table personalization.product_traits is 'Traits of each product, kept by triggers.';

-- What a subject buys again: how much of it and how often.
create table personalization.habits (
  subject_id uuid not null,
  product_id uuid not null references public.products (id) on delete cascade,
  purchases integer not null default 1,
  -- A running mean that a replay must come to as well.
  usual_quantity double precision not null default 1,
  last_quantity real not null default 1,
  first_bought_at timestamptz not null,
  last_bought_at timestamptz not null,
  interval_days real,
  primary key (subject_id, product_id),
  constraint purchases_are_counted check (purchases >= 1),
  constraint quantities_are_positive check (usual_quantity > 0 and last_quantity > 0),
  constraint interval_is_positive check (interval_days > 0)
);
create index habits_by_product on personalization.habits (product_id);
comment on table personalization.habits is 'Products a subject buys, how much at a time and how often.';

-- How wanted a product is, made by the hourly job: 0..1 beside its category, with clicks corrected for where they were shown.
create table personalization.product_popularity (
  product_id uuid primary key references public.products (id) on delete cascade,
  popularity real not null default 0,
  trend real not null default 0,
  views bigint not null default 0,
  clicks bigint not null default 0,
  purchases bigint not null default 0,
  click_rate real,
  updated_at timestamptz not null default now(),
  constraint popularity_is_a_share check (popularity between 0 and 1),
  constraint trend_is_bounded check (trend between -1 and 1)
);
comment on table personalization.product_popularity is 'How wanted products are, position bias taken out.';

alter table personalization.subjects enable row level security;
alter table personalization.event_keys enable row level security;
alter table personalization.interactions enable row level security;
alter table personalization.interactions_default enable row level security;
alter table personalization.shown_lists enable row level security;
alter table personalization.preferences enable row level security;
alter table personalization.product_traits enable row level security;
alter table personalization.habits enable row level security;
alter table personalization.product_popularity enable row level security;
revoke all on personalization.subjects, personalization.event_keys, personalization.interactions, personalization.interactions_default, personalization.shown_lists,
  personalization.preferences, personalization.product_traits, personalization.habits, personalization.product_popularity
  from public, anon, authenticated;
grant select, insert, update, delete on personalization.subjects, personalization.event_keys, personalization.interactions, personalization.interactions_default,
  personalization.shown_lists, personalization.preferences, personalization.product_traits, personalization.habits, personalization.product_popularity
  to service_role;
