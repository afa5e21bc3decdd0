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

-- Where the database has Realtime: a private topic a user, which that user alone may join.
do $$
begin
  if to_regclass('realtime.messages') is not null and to_regprocedure('realtime.topic()') is not null then
    execute 'create policy subjects_hear_of_themselves on realtime.messages for select to authenticated
      using (realtime.topic() = ''subject:'' || (select auth.uid())::text)';
  end if;
end;
$$;
