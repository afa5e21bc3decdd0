-- Whose profile it is, and what it says right now. In PL/pgSQL, which keeps plans: an SQL function is planned at every call.

-- The subject of a session without an account. Its secret key cannot be told from it.
create function personalization.session_subject(p_session_key text) returns uuid
language plpgsql
immutable strict parallel safe
set search_path = ''
as $$
begin
  return encode(substr(sha256(convert_to('ballast session ' || p_session_key, 'UTF8')), 1, 16), 'hex')::uuid;
end;
$$;
revoke execute on function personalization.session_subject(text) from public;
grant execute on function personalization.session_subject(text) to service_role;
comment on function personalization.session_subject(text) is 'The subject that stands for a session''s secret key.';

-- The subject the caller is: the user, or else the session whose secret key they hold. Null: nobody.
create function personalization.caller_subject(p_session_key text default null) returns uuid
language plpgsql
stable
set search_path = ''
as $$
begin
  return coalesce(
    auth.uid(),
    case when length(p_session_key) between 22 and 200 then personalization.session_subject(p_session_key) end);
end;
$$;
revoke execute on function personalization.caller_subject(text) from public;
grant execute on function personalization.caller_subject(text) to service_role;
comment on function personalization.caller_subject(text) is 'The subject the caller is: their user, or the session whose key they hold.';

-- The profile of a subject at a moment, strongest first: `long_term` and `session` between -1 and 1, and `score`, both as one:
-- they strengthen each other, or take from each other, and never go beyond 1. Nothing for those who opted out; muted traits
-- are left out. Half-lives: browsing 14 days, carts 45, purchases 180, against 60, a session half an hour. Written out in one
-- statement, as each function called per trait would cost more than the whole of it.
create function personalization.read_profile(
  p_subject uuid,
  p_at timestamptz default now(),
  p_limit integer default 300
) returns table (trait text, score real, long_term real, session real, confidence real, events integer)
language plpgsql
stable
set search_path = ''
rows 60
as $$
begin
  return query
  -- Materialized, as each step would else be written into the next one, and computed many times over.
  with aged as materialized (
    select p.*, greatest(extract(epoch from p_at - p.as_of)::double precision / 86400, 0) as days
    from personalization.preferences p where p.subject_id = p_subject
  ), weighed as materialized (
    select a.trait, a.events,
      a.browsed * exp(-a.days * 0.0495105128971)
        + a.carted * exp(-a.days * 0.0154032706791)
        + a.bought * exp(-a.days * 0.00385081766978) as pro,
      a.against * exp(-a.days * 0.0115524530093) as contra,
      case when a.days < 1 then a.session_for * exp(-a.days * 33.2710646669) else 0 end as session_pro,
      case when a.days < 1 then a.session_against * exp(-a.days * 33.2710646669) else 0 end as session_contra
    from aged a
  ), judged as materialized (
    select w.trait, w.events,
      (w.pro - w.contra) / (w.pro + w.contra + 1) as long_term,
      (w.session_pro - w.session_contra) / (w.session_pro + w.session_contra + 0.5) as session,
      (w.pro + w.contra) / (w.pro + w.contra + 1) as confidence
    from weighed w
  ), combined as materialized (
    select j.*, case
        when j.long_term >= 0 and j.session >= 0 then j.long_term + j.session - j.long_term * j.session
        when j.long_term <= 0 and j.session <= 0 then j.long_term + j.session + j.long_term * j.session
        else (j.long_term + j.session) / greatest(1 - least(abs(j.long_term), abs(j.session)), 1e-9)
      end as score
    from judged j
  )
  select c.trait, c.score::real, c.long_term::real, c.session::real, c.confidence::real, c.events
  from combined c
  join personalization.subjects s on s.id = p_subject
  where s.opted_out_at is null
    and (s.muted_traits = '{}' or not exists (
      select 1 from unnest(s.muted_traits) muted(pattern)
      where c.trait = muted.pattern or (right(muted.pattern, 1) = '*' and starts_with(c.trait, left(muted.pattern, -1)))))
  order by abs(c.score) desc, c.trait
  limit p_limit;
end;
$$;
revoke execute on function personalization.read_profile(uuid, timestamptz, integer) from public;
grant execute on function personalization.read_profile(uuid, timestamptz, integer) to service_role;
comment on function personalization.read_profile(uuid, timestamptz, integer) is
  'What is known of a subject at a moment, strongest first.';

-- Remembers a list that was shown, so that what follows can be attributed to it.
-- A list belongs to whom it was shown, whether or not anything has been learned of them by then: feedback on it is theirs alone,
-- and what they click is theirs to learn from. Who opted out leaves no trace in it.
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
  select p_list_id, case when s.opted_out_at is null then caller.id end, p_source, p_kind, p_query, p_product_ids, p_made_by
  from (select personalization.caller_subject(p_session_key)) caller(id)
  left join personalization.subjects s on s.id = caller.id
  on conflict (id) do nothing;
$$;
revoke execute on function personalization.note_list(text, uuid, text, text, text, uuid[], jsonb) from public;
grant execute on function personalization.note_list(text, uuid, text, text, text, uuid[], jsonb) to anon, authenticated, service_role;
comment on function personalization.note_list(text, uuid, text, text, text, uuid[], jsonb) is
  'Remembers a list that the caller was shown.';
