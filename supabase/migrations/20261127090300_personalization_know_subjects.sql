-- Whose profile it is, and what it says right now.

-- The subject of a session without an account. Its secret key cannot be told from it.
create function personalization.session_subject(p_session_key text) returns uuid
language sql
immutable strict parallel safe
set search_path = ''
as $$
  select encode(substr(sha256(convert_to('ballast session ' || p_session_key, 'UTF8')), 1, 16), 'hex')::uuid;
$$;
revoke execute on function personalization.session_subject(text) from public;
grant execute on function personalization.session_subject(text) to service_role;
comment on function personalization.session_subject(text) is 'The subject that stands for a session''s secret key.';

-- The subject the caller is: the user, or else the session whose secret key they hold. Null: nobody.
create function personalization.caller_subject(p_session_key text default null) returns uuid
language sql
stable
set search_path = ''
as $$
  select coalesce(
    auth.uid(),
    case when length(p_session_key) between 22 and 200 then personalization.session_subject(p_session_key) end);
$$;
revoke execute on function personalization.caller_subject(text) from public;
grant execute on function personalization.caller_subject(text) to service_role;
comment on function personalization.caller_subject(text) is 'The subject the caller is: their user, or the session whose key they hold.';

-- Two certainties between -1 and 1 as one: they strengthen each other, or take from each other; never beyond 1.
create function personalization.combine(p_one double precision, p_other double precision) returns double precision
language sql
immutable strict parallel safe
set search_path = ''
as $$
  select case
    when p_one >= 0 and p_other >= 0 then p_one + p_other - p_one * p_other
    when p_one <= 0 and p_other <= 0 then p_one + p_other + p_one * p_other
    else (p_one + p_other) / greatest(1 - least(abs(p_one), abs(p_other)), 1e-9)
  end;
$$;
revoke execute on function personalization.combine(double precision, double precision) from public;
grant execute on function personalization.combine(double precision, double precision) to service_role;
comment on function personalization.combine(double precision, double precision) is 'Two certainties as one.';

-- What is left of evidence after a time, by its half-life in days.
create function personalization.remaining(p_age interval, p_half_life_days double precision) returns double precision
language sql
immutable strict parallel safe
set search_path = ''
as $$
  select power(2::double precision, -least(greatest(extract(epoch from p_age)::double precision, 0) / 86400 / p_half_life_days, 1000));
$$;
revoke execute on function personalization.remaining(interval, double precision) from public;
grant execute on function personalization.remaining(interval, double precision) to service_role;
comment on function personalization.remaining(interval, double precision) is 'The share of evidence that is left at an age.';

-- The profile of a subject at a moment, strongest first: `long_term` and `session` between -1 and 1, and `score`, both as one.
-- Nothing for those who opted out; muted traits are left out. Half-lives: browsing 14 days, carts 45, purchases 180, against 60,
-- a session half an hour.
create function personalization.read_profile(
  p_subject uuid,
  p_at timestamptz default now(),
  p_limit integer default 300
) returns table (trait text, score real, long_term real, session real, confidence real, events integer)
language sql
stable
set search_path = ''
rows 60
as $$
  with decayed as (
    select p.trait, p.events,
      p.browsed * personalization.remaining(p_at - p.as_of, 14)
        + p.carted * personalization.remaining(p_at - p.as_of, 45)
        + p.bought * personalization.remaining(p_at - p.as_of, 180) as pro,
      p.against * personalization.remaining(p_at - p.as_of, 60) as contra,
      p.session_for * personalization.remaining(p_at - p.as_of, 1.0 / 48) as session_pro,
      p.session_against * personalization.remaining(p_at - p.as_of, 1.0 / 48) as session_contra
    from personalization.preferences p
    join personalization.subjects s on s.id = p.subject_id
    where p.subject_id = p_subject and s.opted_out_at is null
      and not exists (
        select 1 from unnest(s.muted_traits) muted(pattern)
        where p.trait = muted.pattern or (right(muted.pattern, 1) = '*' and starts_with(p.trait, left(muted.pattern, -1))))
  ), judged as (
    select d.trait, d.events,
      (d.pro - d.contra) / (d.pro + d.contra + 1) as long_term,
      (d.session_pro - d.session_contra) / (d.session_pro + d.session_contra + 0.5) as session,
      (d.pro + d.contra) / (d.pro + d.contra + 1) as confidence
    from decayed d
  )
  select j.trait, personalization.combine(j.long_term, j.session)::real as score, j.long_term::real, j.session::real,
    j.confidence::real, j.events
  from judged j
  order by abs(personalization.combine(j.long_term, j.session)) desc, j.trait
  limit p_limit;
$$;
revoke execute on function personalization.read_profile(uuid, timestamptz, integer) from public;
grant execute on function personalization.read_profile(uuid, timestamptz, integer) to service_role;
comment on function personalization.read_profile(uuid, timestamptz, integer) is
  'What is known of a subject at a moment, strongest first.';

-- Remembers a list that was shown, so that what follows can be attributed to it.
create function personalization.note_list(
  p_session_key text,
  p_list_id uuid,
  p_source text,
  p_kind text,
  p_query text,
  p_product_ids uuid[],
  p_made_by jsonb
) returns void
language sql
volatile
security definer
set search_path = ''
as $$
  insert into personalization.shown_lists (id, subject_id, source, kind, query, product_ids, made_by)
  select p_list_id, s.id, p_source, p_kind, p_query, p_product_ids, p_made_by
  from (select personalization.caller_subject(p_session_key)) caller(id)
  left join personalization.subjects s on s.id = caller.id and s.opted_out_at is null
  on conflict (id) do nothing;
$$;
revoke execute on function personalization.note_list(text, uuid, text, text, text, uuid[], jsonb) from public;
grant execute on function personalization.note_list(text, uuid, text, text, text, uuid[], jsonb) to anon, authenticated, service_role;
comment on function personalization.note_list(text, uuid, text, text, text, uuid[], jsonb) is
  'Remembers a list that the caller was shown.';
