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
-- A merge takes the session's listeners along before it says that the session is over, so whether somebody listens cannot be asked
-- there: what a shopper decides always rings. It is rare, and whoever does not listen hears nothing.
create function live.tell_of_decisions() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform live.tell(new.id, jsonb_build_object('profileVersion', new.version, 'productIds', '[]'::jsonb));
  return null;
end;
$$;
revoke execute on function live.tell_of_decisions() from public;
create trigger subjects_tell_of_decisions
  after update of opted_out_at, merged_into, forgotten_at, muted_traits on personalization.subjects
  for each row execute function live.tell_of_decisions();

