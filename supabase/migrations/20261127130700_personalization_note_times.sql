-- What subjects want when, and how what they want changes from month to month.

create table personalization.time_patterns (
  subject_id uuid not null,
  daypart text not null,
  category_id uuid not null references public.categories (id) on delete cascade,
  share real not null,
  events integer not null,
  updated_at timestamptz not null default now(),
  primary key (subject_id, daypart, category_id),
  constraint daypart_is_known check (daypart in ('morning', 'midday', 'evening', 'night')),
  constraint time_share_is_a_share check (share > 0 and share <= 1),
  constraint time_events_are_counted check (events >= 2)
);
create index time_patterns_by_category on personalization.time_patterns (category_id);
comment on table personalization.time_patterns is 'The categories a subject wants most at a time of the day, and their share of it.';

create table personalization.segment_time_patterns (
  segment text not null,
  daypart text not null,
  category_id uuid not null references public.categories (id) on delete cascade,
  share real not null,
  subjects integer not null,
  updated_at timestamptz not null default now(),
  primary key (segment, daypart, category_id),
  constraint segment_daypart_is_known check (daypart in ('morning', 'midday', 'evening', 'night')),
  constraint segment_time_share_is_a_share check (share > 0 and share <= 1)
);
create index segment_time_patterns_by_category on personalization.segment_time_patterns (category_id);
comment on table personalization.segment_time_patterns is 'The same of segments: for those who have no pattern of their own.';

create table personalization.preference_changes (
  subject_id uuid not null,
  month date not null,
  trait text not null,
  score real not null,
  -- Since the snapshot of the month before; 0 stood for what was not in it.
  change real not null,
  primary key (subject_id, month, trait),
  constraint month_is_its_first_day check (extract(day from month) = 1),
  constraint snapshot_score_is_bounded check (score between -1 and 1)
);
create index preference_changes_by_month on personalization.preference_changes (month);
comment on table personalization.preference_changes is 'Strongest traits of active subjects, a snapshot a month.';

alter table personalization.time_patterns enable row level security;
revoke all on personalization.time_patterns from public, anon, authenticated;
grant select, insert, update, delete on personalization.time_patterns to service_role;
alter table personalization.segment_time_patterns enable row level security;
revoke all on personalization.segment_time_patterns from public, anon, authenticated;
grant select, insert, update, delete on personalization.segment_time_patterns to service_role;
alter table personalization.preference_changes enable row level security;
revoke all on personalization.preference_changes from public, anon, authenticated;
grant select, insert, update, delete on personalization.preference_changes to service_role;

create function personalization.learn_time_patterns(p_subjects uuid[], p_until timestamptz, p_days integer) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from personalization.time_patterns t where t.subject_id = any (p_subjects);
  with wanted as materialized (
    select i.subject_id, i.occurred_at, p.category_id, i.strength, i.context ->> 'timeZone' as time_zone
    from personalization.interactions i
    join public.products p on p.id = i.product_id
    join personalization.subjects s on s.id = i.subject_id and s.opted_out_at is null
    where i.subject_id = any (p_subjects) and i.strength > 0
      and i.occurred_at > p_until - make_interval(days => p_days) and i.occurred_at <= p_until and i.received_at <= p_until
  ), zones as materialized (
    select z.time_zone from (select distinct w.time_zone from wanted w) z where personalization.is_time_zone(z.time_zone)
  ), summed as (
    select w.subject_id, personalization.daypart(w.occurred_at, z.time_zone) as daypart, w.category_id,
      sum(w.strength) as strength, count(*) as events
    from wanted w left join zones z on z.time_zone = w.time_zone
    group by 1, 2, 3
  ), ranked as (
    select s.*, s.strength / sum(s.strength) over (partition by s.subject_id, s.daypart) as share,
      row_number() over (partition by s.subject_id, s.daypart order by s.strength desc, s.category_id) as place
    from summed s
  )
  insert into personalization.time_patterns (subject_id, daypart, category_id, share, events, updated_at)
  select r.subject_id, r.daypart, r.category_id, least(r.share, 1), r.events, p_until from ranked r where r.place <= 5 and r.events >= 2;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function personalization.learn_time_patterns(uuid[], timestamptz, integer) from public;
grant execute on function personalization.learn_time_patterns(uuid[], timestamptz, integer) to service_role;
comment on function personalization.learn_time_patterns(uuid[], timestamptz, integer) is
  'Learns what subjects want when.';

create function personalization.learn_segment_times(p_until timestamptz, p_support integer) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from personalization.segment_time_patterns;
  with members as (
    select g.subject_id, 'everyone' as segment from personalization.segments g
    union all select g.subject_id, 'behaviour:' || g.behaviour from personalization.segments g
    union all select g.subject_id, 'taste:' || g.taste from personalization.segments g where g.taste is not null
  ), summed as (
    select m.segment, t.daypart, t.category_id, sum(t.share) as share, count(*) as subjects
    from members m join personalization.time_patterns t on t.subject_id = m.subject_id
    group by m.segment, t.daypart, t.category_id
  ), ranked as (
    select s.*, s.share / sum(s.share) over (partition by s.segment, s.daypart) as part,
      row_number() over (partition by s.segment, s.daypart order by s.share desc, s.category_id) as place
    from summed s
  )
  insert into personalization.segment_time_patterns (segment, daypart, category_id, share, subjects, updated_at)
  select r.segment, r.daypart, r.category_id, least(r.part, 1), r.subjects, p_until from ranked r
  where r.place <= 20 and r.subjects >= p_support;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function personalization.learn_segment_times(timestamptz, integer) from public;
grant execute on function personalization.learn_segment_times(timestamptz, integer) to service_role;
comment on function personalization.learn_segment_times(timestamptz, integer) is
  'Learns what segments want when.';

-- The month's snapshot of the subjects, made anew: within the month it follows them, then it stays.
create function personalization.note_preferences(p_subjects uuid[], p_until timestamptz, p_traits integer) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_month constant date := date_trunc('month', p_until at time zone 'UTC');
  v_count integer;
begin
  delete from personalization.preference_changes c where c.subject_id = any (p_subjects) and c.month = v_month;
  insert into personalization.preference_changes (subject_id, month, trait, score, change)
  select s.id, v_month, r.trait, r.score, r.score - coalesce(b.score, 0)
  from unnest(p_subjects) s(id)
  cross join lateral personalization.read_profile(s.id, p_until, p_traits) r
  left join personalization.preference_changes b
    on b.subject_id = s.id and b.month = (v_month - interval '1 month')::date and b.trait = r.trait;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function personalization.note_preferences(uuid[], timestamptz, integer) from public;
grant execute on function personalization.note_preferences(uuid[], timestamptz, integer) to service_role;
comment on function personalization.note_preferences(uuid[], timestamptz, integer) is
  'Takes the month''s snapshot of the strongest traits of subjects.';

-- Nothing that batch jobs learned is kept of those who opted out, are another''s by now or are gone.
create function personalization.forget_learned(p_until timestamptz, p_months integer) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_table text;
  v_count integer;
  v_gone integer := 0;
begin
  foreach v_table in array array['segments', 'time_patterns', 'preference_changes', 'price_sensitivities'] loop
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
revoke execute on function personalization.forget_learned(timestamptz, integer) from public;
grant execute on function personalization.forget_learned(timestamptz, integer) to service_role;
comment on function personalization.forget_learned(timestamptz, integer) is
  'Removes what was learned of those who are not to be known.';
