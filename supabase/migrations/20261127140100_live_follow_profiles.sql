-- Follows the caller's own subject: says that the stream is there, and gives what came after a version, with the traits that the
-- versions in between may have moved: those of the products that were learned from. Streams are heard of at least every 15 seconds
-- and forgotten after 45.

create function live.follow(p_session_key text, p_stream uuid, p_after bigint) returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_subject uuid := personalization.caller_subject(p_session_key);
  v_page jsonb;
begin
  if v_subject is null then
    raise exception 'Cannot follow as it is not known whose changes: sign in, or send a session key'
      using errcode = 'BL422', detail = 'x-session-key';
  end if;
  insert into live.listeners as kept (subject_id, stream_id, until)
  values (v_subject, p_stream, now() + interval '45 seconds')
  on conflict (subject_id, stream_id) do update set until = excluded.until where kept.until < now() + interval '30 seconds';
  -- One statement, one snapshot: the version and the rows that led to it belong together.
  select jsonb_build_object(
    'subject', v_subject,
    'state', case when known.opted_out_at is not null then 'opted_out' when known.merged_into is not null then 'session_is_over' else 'open' end,
    'forgottenAt', known.forgotten_at,
    'version', coalesce(known.version, 0),
    'isStale', p_after is not null and coalesce(known.version, 0) - p_after <> told.versions,
    'productIds', coalesce((
      select jsonb_agg(distinct product.id) from jsonb_array_elements(told.lists) list(ids), jsonb_array_elements(list.ids) product(id)
    ), '[]'))
  into v_page
  from (select v_subject) caller(id)
  left join personalization.subjects known on known.id = caller.id
  cross join lateral (
    select count(*) as versions, jsonb_agg(o.product_ids) as lists
    from (
      select o.product_ids from live.outbox o
      where o.subject_id = caller.id and o.version > p_after order by o.version limit 200
    ) o
  ) told;
  return v_page || jsonb_build_object('traits', case when v_page -> 'productIds' = '[]' then '[]' else (
    select coalesce(jsonb_agg(moved.trait order by moved.trait), '[]')
    from (
      select distinct said.trait
      from jsonb_array_elements_text(v_page -> 'productIds') product(id)
      join personalization.product_traits t on t.product_id = product.id::uuid
      cross join lateral unnest(t.traits) said(trait)
      order by said.trait limit 60
    ) moved) end);
end;
$$;
revoke execute on function live.follow(text, uuid, bigint) from public;
grant execute on function live.follow(text, uuid, bigint) to anon, authenticated, service_role;
comment on function live.follow(text, uuid, bigint) is 'What came for the caller after an id; the stream is heard of.';

create function live.unfollow(p_session_key text, p_stream uuid) returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  delete from live.listeners l where l.stream_id = p_stream and l.subject_id = personalization.caller_subject(p_session_key);
end;
$$;
revoke execute on function live.unfollow(text, uuid) from public;
grant execute on function live.unfollow(text, uuid) to anon, authenticated, service_role;
comment on function live.unfollow(text, uuid) is 'The stream has ended.';
