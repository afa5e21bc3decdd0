-- Of all who are known at a moment, each of whom counts once, by their voice, however much they do. What three users want is added
-- on either side, as few may be alike by chance.
create or replace function personalization.learn_segment_moments(p_until timestamptz, p_support integer) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from personalization.segment_moment_patterns;
  with members as (
    select v.subject_id, v.weight, segment.name as segment
    from personalization.segments g join personalization.voices v on v.subject_id = g.subject_id
    cross join lateral (values ('everyone'), ('behaviour:' || g.behaviour), ('taste:' || g.taste)) segment(name)
    where segment.name is not null
  ), known as (
    select m.segment, t.moment, sum(m.weight::double precision) as voices
    from members m join (select distinct p.subject_id, p.moment from personalization.moment_patterns p) t on t.subject_id = m.subject_id
    group by m.segment, t.moment
  ), summed as (
    select m.segment, t.moment, t.category_id, sum(m.weight * t.share::double precision) as share,
      sum(m.weight * t.usual::double precision) as usual, count(*) as subjects
    from members m join personalization.moment_patterns t on t.subject_id = m.subject_id
    group by m.segment, t.moment, t.category_id having sum(m.weight) >= p_support
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
