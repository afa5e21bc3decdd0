-- What subjects want at a kind of moment: a part of the day, working days or the weekend, a meal, a weather. A moment is a text such
-- as 'daypart:morning' or 'weather:rainy'. One table for all of them, as what they say is the same.

-- How often a category is wanted then (share) beside how often it is wanted anyway (usual), and how far that can be believed
-- (lift): what is told by few events is drawn towards 1. The pull is both as one, from -1 to 1: twice as often counts in full,
-- and so does what makes a quarter of all that is wanted.
create table personalization.moment_patterns (
  subject_id uuid not null,
  moment text not null,
  category_id uuid not null references public.categories (id) on delete cascade,
  share real not null,
  usual real not null,
  lift real not null,
  pull real not null generated always as ((
    greatest(least(ln(lift::double precision) / 0.69314718056, 1), -1) * least(4 * greatest(share, usual), 1))::real) stored,
  -- Of all that happened at that moment: how much is known of it.
  events integer not null,
  updated_at timestamptz not null default now(),
  primary key (subject_id, moment, category_id),
  constraint moment_is_of_a_known_kind check (moment ~ '^(daypart|days|meal|weather):[a-z]+$'),
  constraint moment_share_is_a_share check (share between 0 and 1),
  constraint usual_share_is_a_share check (usual > 0 and usual <= 1),
  constraint moment_lift_is_positive check (lift > 0),
  constraint moment_is_known_by_events check (events >= 4)
);
create index moment_patterns_by_category on personalization.moment_patterns (category_id);
comment on table personalization.moment_patterns is
  'What a subject wants more, and less, at a kind of moment than they do anyway.';

create table personalization.segment_moment_patterns (
  segment text not null,
  moment text not null,
  category_id uuid not null references public.categories (id) on delete cascade,
  share real not null,
  usual real not null,
  lift real not null,
  pull real not null generated always as ((
    greatest(least(ln(lift::double precision) / 0.69314718056, 1), -1) * least(4 * greatest(share, usual), 1))::real) stored,
  subjects integer not null,
  updated_at timestamptz not null default now(),
  primary key (segment, moment, category_id),
  constraint moment_segment_is_named check (segment ~ '^(everyone|behaviour:[a-z]+|taste:[0-9]+)$'),
  constraint segment_moment_is_of_a_known_kind check (moment ~ '^(daypart|days|meal|weather):[a-z]+$'),
  constraint segment_moment_share_is_a_share check (share between 0 and 1),
  constraint segment_usual_share_is_a_share check (usual > 0 and usual <= 1),
  constraint segment_moment_lift_is_positive check (lift > 0),
  constraint segment_moment_has_subjects check (subjects >= 1)
);
create index segment_moment_patterns_by_category on personalization.segment_moment_patterns (category_id);
comment on table personalization.segment_moment_patterns is
  'The same of segments: for those of whom too little is known at a moment.';

alter table personalization.moment_patterns enable row level security;
revoke all on personalization.moment_patterns from public, anon, authenticated;
grant select, insert, update, delete on personalization.moment_patterns to service_role;
alter table personalization.segment_moment_patterns enable row level security;
revoke all on personalization.segment_moment_patterns from public, anon, authenticated;
grant select, insert, update, delete on personalization.segment_moment_patterns to service_role;

-- A moment is known from four events on two days on. A category counts once an occasion, as looking at something, carting it and
-- buying it is one wish. Three occasions of what is usual are added on either side, and what was wanted on one day alone is not wanted
-- more: one bowl of soup in the rain is no taste for soup in the rain. What is as usual is not kept, but for one category, which says
-- that the moment is known. The parts of the day are asked for once an hour of the day, not once an event.
create function personalization.learn_moments(p_subjects uuid[], p_until timestamptz, p_days integer) returns integer
language plpgsql
volatile
set search_path = ''
-- How many occasions there are it cannot know, and a loop over loops is quadratic in them.
set enable_nestloop = off
as $$
declare
  v_count integer;
begin
  delete from personalization.moment_patterns t where t.subject_id = any (p_subjects);
  with wanted as materialized (
    select i.subject_id, i.occurred_at, p.category_id, i.strength::double precision as strength, i.context ->> 'timeZone' as time_zone,
      i.context ->> 'meal' as meal, i.context ->> 'weather' as weather
    from personalization.interactions i
    join public.products p on p.id = i.product_id
    join personalization.subjects s on s.id = i.subject_id and s.opted_out_at is null
    where i.subject_id = any (p_subjects) and i.strength > 0
      and i.occurred_at > p_until - make_interval(days => p_days) and i.occurred_at <= p_until and i.received_at <= p_until
  ), zones as materialized (
    select z.time_zone from (select distinct w.time_zone from wanted w) z where personalization.is_time_zone(z.time_zone)
  ), hours as materialized (
    select h.hour, personalization.daypart(make_timestamptz(2000, 1, 1, h.hour, 0, 0, 'UTC')) as daypart
    from generate_series(0, 23) h(hour)
  ), told as (
    select w.subject_id, w.category_id, w.strength, clock.at::date as day, array[
      'daypart:' || h.daypart, case when extract(isodow from clock.at) >= 6 then 'days:weekend' else 'days:workdays' end,
      'meal:' || w.meal, 'weather:' || w.weather] as moments
    from wanted w
    left join zones z on z.time_zone = w.time_zone
    cross join lateral (select w.occurred_at at time zone coalesce(z.time_zone, 'UTC') as at) clock
    join hours h on h.hour = extract(hour from clock.at)
  ), occasions as materialized (
    select t.subject_id, t.category_id, t.day, t.moments, least(sum(t.strength), 1) as strength, count(*) as events
    from told t group by t.subject_id, t.category_id, t.day, t.moments
  ), at_moments as materialized (
    select o.subject_id, m.moment, o.category_id, o.strength, o.events, o.day
    from occasions o cross join lateral unnest(o.moments) m(moment) where m.moment ~ '^(daypart|days|meal|weather):[a-z]+$'
  ), usual as (
    select o.subject_id, o.category_id, sum(o.strength) / sum(sum(o.strength)) over (partition by o.subject_id) as share
    from occasions o group by o.subject_id, o.category_id
  ), known as (
    select a.subject_id, a.moment, sum(a.strength) as strength, sum(a.events) as events
    from at_moments a group by a.subject_id, a.moment having sum(a.events) >= 4 and count(distinct a.day) >= 2
  ), summed as (
    select a.subject_id, a.moment, a.category_id, sum(a.strength) as strength, count(distinct a.day) as days
    from at_moments a group by a.subject_id, a.moment, a.category_id
  ), compared as (
    select k.subject_id, k.moment, k.events, u.category_id, coalesce(s.strength, 0) / k.strength as share, u.share as usual,
      (coalesce(s.strength, 0) + 3) / (k.strength * u.share + 3) as lift, s.days
    from known k
    join usual u on u.subject_id = k.subject_id
    left join summed s on s.subject_id = k.subject_id and s.moment = k.moment and s.category_id = u.category_id
  ), ranked as (
    select c.*, row_number() over (
      partition by c.subject_id, c.moment order by greatest(c.share, c.usual) * abs(ln(c.lift)) desc, c.category_id) as place
    from compared c
  )
  insert into personalization.moment_patterns (subject_id, moment, category_id, share, usual, lift, events, updated_at)
  select r.subject_id, r.moment, r.category_id, least(r.share, 1), least(r.usual, 1),
    case when r.days < 2 then least(r.lift, 1) else r.lift end, r.events, p_until
  from ranked r where r.place = 1 or (r.place <= 10 and r.lift not between 0.95 and 1.05);
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function personalization.learn_moments(uuid[], timestamptz, integer) from public;
grant execute on function personalization.learn_moments(uuid[], timestamptz, integer) to service_role;
comment on function personalization.learn_moments(uuid[], timestamptz, integer) is
  'Learns what subjects want at which kind of moment.';

-- Of all who are known at a moment and have a voice, each of whom counts once, however much they do. What three of them want is added
-- on either side, as few may be alike by chance.
create function personalization.learn_segment_moments(p_until timestamptz, p_support integer) returns integer
language plpgsql
volatile
set search_path = ''
set enable_nestloop = off
as $$
declare
  v_count integer;
begin
  delete from personalization.segment_moment_patterns;
  with members as (
    select g.subject_id, s.segment, v.weight::double precision as voice
    from personalization.segments g
    join personalization.voices v on v.subject_id = g.subject_id
    cross join lateral unnest(array['everyone', 'behaviour:' || g.behaviour, 'taste:' || g.taste]) s(segment)
    where s.segment is not null
  ), known as (
    select m.segment, t.moment, sum(m.voice) as voices
    from members m join (select distinct p.subject_id, p.moment from personalization.moment_patterns p) t on t.subject_id = m.subject_id
    group by m.segment, t.moment
  ), summed as (
    select m.segment, t.moment, t.category_id, sum(m.voice * t.share) as share, sum(m.voice * t.usual) as usual,
      count(*) as subjects
    from members m join personalization.moment_patterns t on t.subject_id = m.subject_id
    group by m.segment, t.moment, t.category_id having sum(m.voice) >= p_support
  ), meant as (
    select s.segment, s.moment, s.category_id, s.share / k.voices as share, s.usual / k.voices as usual,
      (s.share + 3) / (s.usual + 3) as lift, s.subjects
    from summed s join known k on k.segment = s.segment and k.moment = s.moment
  ), ranked as (
    select m.*, row_number() over (
      partition by m.segment, m.moment order by greatest(m.share, m.usual) * abs(ln(m.lift)) desc, m.category_id) as place
    from meant m
  )
  insert into personalization.segment_moment_patterns (segment, moment, category_id, share, usual, lift, subjects, updated_at)
  select r.segment, r.moment, r.category_id, least(r.share, 1), least(r.usual, 1), r.lift, r.subjects, p_until
  from ranked r where r.place <= 12;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function personalization.learn_segment_moments(timestamptz, integer) from public;
grant execute on function personalization.learn_segment_moments(timestamptz, integer) to service_role;
comment on function personalization.learn_segment_moments(timestamptz, integer) is
  'Learns what segments want at which kind of moment.';

create or replace function personalization.forget_learned(p_until timestamptz, p_months integer) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_table text;
  v_count integer;
  v_gone integer := 0;
begin
  foreach v_table in array array['segments', 'moment_patterns', 'preference_changes', 'price_sensitivities'] loop
    execute format(
      'delete from personalization.%I t where not exists (
         select 1 from personalization.subjects s where s.id = t.subject_id and s.opted_out_at is null and s.merged_into is null)',
      v_table);
    get diagnostics v_count = row_count;
    v_gone := v_gone + v_count;
  end loop;
  delete from personalization.preference_changes c
    where c.month < (date_trunc('month', p_until at time zone 'UTC') - make_interval(months => p_months))::date;
  return v_gone;
end;
$$;

update personalization.subject_tables set table_name = 'moment_patterns'
where table_schema = 'personalization' and table_name = 'time_patterns';

-- Shares of a part of the day alone tell no lift. All who have done something lately are looked at anew by the next run instead.
update personalization.segments set review_at = least(review_at, now());
drop function personalization.learn_time_patterns(uuid[], timestamptz, integer);
drop function personalization.learn_segment_times(timestamptz, integer);
drop table personalization.time_patterns;
drop table personalization.segment_time_patterns;
