-- Who shops alike: by what they do (behaviour), and by what they like (one of a few clusters of tastes).

create table personalization.segments (
  subject_id uuid primary key,
  behaviour text not null,
  taste smallint,
  since timestamptz not null,
  -- When time alone may make it another: somebody is new for a fortnight.
  review_at timestamptz not null,
  updated_at timestamptz not null default now(),
  constraint behaviour_is_known
    check (behaviour in ('new', 'browsing', 'occasional', 'regular', 'bulk', 'bargain', 'lapsing')),
  constraint taste_is_a_number check (taste >= 0)
);
create index segments_by_review on personalization.segments (review_at);
create index segments_by_behaviour on personalization.segments (behaviour);
comment on table personalization.segments is 'Segments of subjects.';

create table personalization.taste_clusters (
  cluster smallint primary key,
  traits text[] not null,
  centre real[] not null,
  members integer not null default 0,
  trained_at timestamptz not null,
  constraint each_trait_has_a_coordinate check (cardinality(traits) = cardinality(centre))
);
comment on table personalization.taste_clusters is 'Centres of the clusters of tastes; a cluster keeps its number from training to training.';

-- Segments are 'everyone', 'behaviour:<name>' and 'taste:<number>'.
create table personalization.segment_favourites (
  segment text not null,
  product_id uuid not null references public.products (id) on delete cascade,
  score real not null,
  subjects integer not null,
  updated_at timestamptz not null default now(),
  primary key (segment, product_id),
  constraint favourite_segment_is_named check (segment ~ '^(everyone|behaviour:[a-z]+|taste:[0-9]+)$'),
  constraint favourite_has_subjects check (subjects >= 1)
);
create index segment_favourites_by_product on personalization.segment_favourites (product_id);
comment on table personalization.segment_favourites is 'What a segment wants most: what to show to whom nothing is known of.';

alter table personalization.segments enable row level security;
revoke all on personalization.segments from public, anon, authenticated;
grant select, insert, update, delete on personalization.segments to service_role;
alter table personalization.taste_clusters enable row level security;
revoke all on personalization.taste_clusters from public, anon, authenticated;
grant select, insert, update, delete on personalization.taste_clusters to service_role;
alter table personalization.segment_favourites enable row level security;
revoke all on personalization.segment_favourites from public, anon, authenticated;
grant select, insert, update, delete on personalization.segment_favourites to service_role;

-- The behaviour of subjects by what they did in the last 180 days.
create function personalization.learn_behaviours(p_subjects uuid[], p_until timestamptz) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_count integer;
begin
  with acts as (
    select i.subject_id, least(min(i.occurred_at), min(s.created_at)) as first_at,
      count(*) filter (where b.is_purchase) as purchases,
      count(*) filter (where i.signal = 'bulk_purchase') as bulk,
      count(distinct (i.occurred_at at time zone 'UTC')::date) filter (where b.is_purchase) as days,
      min(i.occurred_at) filter (where b.is_purchase) as first_bought, max(i.occurred_at) filter (where b.is_purchase) as last_bought
    from personalization.interactions i
    join personalization.subjects s on s.id = i.subject_id and s.opted_out_at is null
    cross join lateral (select i.signal in ('purchase', 'repeat_purchase', 'bulk_purchase', 'subscription')) b(is_purchase)
    where i.subject_id = any (p_subjects) and i.signal not in ('impression', 'skipped')
      and i.occurred_at > p_until - interval '180 days' and i.occurred_at <= p_until and i.received_at <= p_until
    group by i.subject_id
  ), paced as (
    -- Two and a half of their own intervals without a purchase, and a month at least.
    select a.*, a.last_bought + greatest(interval '30 days', 2.5 * (a.last_bought - a.first_bought) / greatest(a.days - 1, 1)) as lapses_at
    from acts a
  ), judged as (
    select p.*, case
      when p.days >= 3 and p.lapses_at <= p_until then 'lapsing'
      when p.purchases >= 3 and p.bulk >= 0.3 * p.purchases then 'bulk'
      when ps.purchases >= 5 and ps.level = 'low' then 'bargain'
      when p.days >= 3 then 'regular'
      when p.first_at > p_until - interval '14 days' then 'new'
      when p.purchases > 0 then 'occasional'
      else 'browsing' end as behaviour
    from paced p left join personalization.price_sensitivities ps on ps.subject_id = p.subject_id
  ), gone as (
    delete from personalization.segments g
    where g.subject_id = any (p_subjects) and not exists (select 1 from judged j where j.subject_id = g.subject_id)
  )
  insert into personalization.segments as g (subject_id, behaviour, since, review_at, updated_at)
  select j.subject_id, j.behaviour, p_until,
    case when j.behaviour = 'new' then j.first_at + interval '14 days'
      when j.days >= 3 and j.behaviour <> 'lapsing' then least(j.lapses_at, p_until + interval '30 days')
      else p_until + interval '30 days' end,
    p_until
  from judged j
  on conflict (subject_id) do update set behaviour = excluded.behaviour, review_at = excluded.review_at,
    updated_at = excluded.updated_at,
    since = case when g.behaviour = excluded.behaviour then g.since else excluded.since end;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function personalization.learn_behaviours(uuid[], timestamptz) from public;
grant execute on function personalization.learn_behaviours(uuid[], timestamptz) to service_role;
comment on function personalization.learn_behaviours(uuid[], timestamptz) is
  'Puts subjects into segments by what they did.';

-- Subjects as points: what their profiles say of each of p_traits in the long run; muted traits say nothing.
create function personalization.taste_vectors(p_subjects uuid[], p_at timestamptz, p_traits text[])
returns table (subject_id uuid, vector real[])
language sql
stable
set search_path = ''
as $$
  select s.id, (
    select array_agg(coalesce(r.long_term, 0)::real order by t.place)
    from unnest(p_traits) with ordinality t(trait, place)
    left join personalization.read_profile(s.id, p_at, 300) r on r.trait = t.trait)
  from unnest(p_subjects) s(id);
$$;
revoke execute on function personalization.taste_vectors(uuid[], timestamptz, text[]) from public;
grant execute on function personalization.taste_vectors(uuid[], timestamptz, text[]) to service_role;
comment on function personalization.taste_vectors(uuid[], timestamptz, text[]) is
  'Subjects as points of a space of traits.';

-- The favourites of a kind of segments ('everyone', 'behaviour', 'taste') of the last 30 days: what most of its subjects wanted,
-- and that at least p_support of them did, so that nobody is shown a single somebody's taste.
create function personalization.learn_favourites(p_kind text, p_until timestamptz, p_support integer) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from personalization.segment_favourites f where f.segment = p_kind or starts_with(f.segment, p_kind || ':');
  insert into personalization.segment_favourites (segment, product_id, score, subjects, updated_at)
  select r.segment, r.product_id, r.score, r.subjects, p_until
  from (
    select w.segment, w.product_id, sum(w.want) as score, count(*) as subjects,
      row_number() over (partition by w.segment order by sum(w.want) desc, w.product_id) as place
    from (
      select case p_kind when 'everyone' then 'everyone' when 'behaviour' then 'behaviour:' || g.behaviour else 'taste:' || g.taste end
        as segment, i.product_id, i.subject_id, least(sum(i.strength), 1) as want
      from personalization.interactions i join personalization.segments g on g.subject_id = i.subject_id
      where i.occurred_at > p_until - interval '30 days' and i.occurred_at <= p_until and i.received_at <= p_until
        and i.product_id is not null and (p_kind <> 'taste' or g.taste is not null)
      group by 1, i.product_id, i.subject_id
      having sum(i.strength) > 0
    ) w
    join public.products p on p.id = w.product_id and p.status = 'active'
    group by w.segment, w.product_id
    having count(*) >= p_support
  ) r
  where r.place <= 50;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function personalization.learn_favourites(text, timestamptz, integer) from public;
grant execute on function personalization.learn_favourites(text, timestamptz, integer) to service_role;
comment on function personalization.learn_favourites(text, timestamptz, integer) is
  'Makes the favourites of a kind of segments anew.';
