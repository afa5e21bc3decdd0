-- Streams go on from a version of the profile instead of a row of the outbox. The version is in the subject's row, which whoever
-- learns holds locked: versions are seen in their order, without gaps, and a version that has no row in the outbox - as nobody
-- was listening, or it is older than an hour - is known to be missing. What is missing is told by telling everything anew.
drop table live.outbox_horizon;
delete from live.outbox;
drop index live.outbox_by_subject;
alter table live.outbox drop column id, drop column kind, add column version bigint not null,
  add primary key (subject_id, version), add constraint version_is_counted check (version >= 1);
alter table live.outbox drop column payload, add column product_ids uuid[] not null default '{}';
comment on table live.outbox is 'What profiles somebody listens to have learned from, version by version, for an hour.';
create index listeners_by_end on live.listeners (until);

create or replace function live.purge(p_limit integer, p_is_dry_run boolean) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_gone integer;
begin
  if p_is_dry_run then
    return (select count(*) from live.outbox o where o.created_at < now() - interval '1 hour');
  end if;
  delete from live.outbox o where (o.subject_id, o.version) in (
    select old.subject_id, old.version from live.outbox old where old.created_at < now() - interval '1 hour'
    order by old.created_at limit p_limit for update skip locked);
  get diagnostics v_gone = row_count;
  delete from live.listeners l where (l.subject_id, l.stream_id) in (
    select gone.subject_id, gone.stream_id from live.listeners gone where gone.until < now() - interval '1 hour'
    order by gone.until limit p_limit for update skip locked);
  return v_gone;
end;
$$;

create or replace function personalization.after_track(p_subject uuid, p_products uuid[]) returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_version bigint;
  v_products uuid[] := array(select distinct product from unnest(p_products[1 : 50]) product);
begin
  select s.version into v_version from personalization.subjects s where s.id = p_subject;
  if not found then
    return; -- Nothing was learned, and so nobody is known.
  end if;
  insert into live.outbox (subject_id, version, product_ids) values (p_subject, v_version, v_products)
  on conflict (subject_id, version) do nothing;
  perform live.tell(p_subject, jsonb_build_object('profileVersion', v_version, 'productIds', to_jsonb(v_products)));
  -- Each row that comes takes a few old ones along, so the table does not grow, whatever becomes of the job that purges it.
  perform live.purge(4, false);
end;
$$;

-- Wakes streams of a subject as the transaction commits: those on a connection of their own, and Realtime where there is one.
create function live.tell(p_subject uuid, p_payload jsonb) returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  perform pg_notify('ballast_live', p_subject::text);
  if to_regprocedure('realtime.send(jsonb, text, text, boolean)') is not null then
    execute 'select realtime.send($1, $2, $3, true)' using p_payload, 'profile', 'subject:' || p_subject;
  end if;
end;
$$;
revoke execute on function live.tell(uuid, jsonb) from public;
grant execute on function live.tell(uuid, jsonb) to service_role;
comment on function live.tell(uuid, jsonb) is 'Wakes the streams of a subject.';

-- What the shopper decides about their profile reaches their streams as well. Tracking changes none of these columns.
create function live.tell_of_decisions() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  if exists (select 1 from live.listeners l where l.subject_id = new.id and l.until > now()) then
    perform live.tell(new.id, jsonb_build_object('profileVersion', new.version, 'productIds', '[]'::jsonb));
  end if;
  return null;
end;
$$;
revoke execute on function live.tell_of_decisions() from public;
create trigger subjects_tell_of_decisions
  after update of opted_out_at, merged_into, forgotten_at, muted_traits on personalization.subjects
  for each row execute function live.tell_of_decisions();

create or replace function live.follow(p_session_key text, p_stream uuid, p_after bigint) returns jsonb
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
  return v_page;
end;
$$;
