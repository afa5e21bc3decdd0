-- Erasure. What was done and what was learned from it goes; what stays is that it was erased, when, and that these events are not
-- to be counted again: ids of events, which say nothing of anybody.
alter table personalization.subject_tables add column is_erased boolean not null default true;
comment on column personalization.subject_tables.is_erased is 'False for what is kept on other grounds, as orders are: shown in exports, not moved.';
insert into personalization.subject_tables (table_schema, table_name, subject_column, is_erased) values
  ('public', 'customers', 'id', false), ('public', 'orders', 'customer_id', false), ('public', 'carts', 'customer_id', false);

create function personalization.erase_subject(p_subject uuid) returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_table personalization.subject_tables;
  v_rows bigint;
  v_erased jsonb := '{}';
begin
  delete from personalization.interactions where subject_id = p_subject;
  get diagnostics v_rows = row_count;
  v_erased := v_erased || jsonb_build_object('interactions', v_rows);
  delete from personalization.preferences where subject_id = p_subject;
  get diagnostics v_rows = row_count;
  v_erased := v_erased || jsonb_build_object('preferences', v_rows);
  delete from personalization.habits where subject_id = p_subject;
  get diagnostics v_rows = row_count;
  v_erased := v_erased || jsonb_build_object('habits', v_rows);
  delete from personalization.shown_lists where subject_id = p_subject;
  get diagnostics v_rows = row_count;
  v_erased := v_erased || jsonb_build_object('lists', v_rows);
  for v_table in select * from personalization.subject_tables where is_erased order by table_schema, table_name loop
    execute format('delete from %I.%I where %I = $1', v_table.table_schema, v_table.table_name, v_table.subject_column)
      using p_subject;
    get diagnostics v_rows = row_count;
    v_erased := v_erased || jsonb_build_object(v_table.table_schema || '.' || v_table.table_name, v_rows);
  end loop;
  return v_erased;
end;
$$;
revoke execute on function personalization.erase_subject(uuid) from public;
grant execute on function personalization.erase_subject(uuid) to service_role;
comment on function personalization.erase_subject(uuid) is 'Erases all that is kept of a subject, whose row is locked.';

create function personalization.forget_me(p_session_key text) returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_subject uuid := personalization.caller_subject(p_session_key);
  v_version bigint;
begin
  if v_subject is null then
    raise exception 'Cannot forget as it is not known whom: sign in, or send a session key' using errcode = 'BL422', detail = 'x-session-key';
  end if;
  insert into personalization.subjects as s (id, is_session, forgotten_at) values (v_subject, auth.uid() is null, clock_timestamp())
  on conflict (id) do update set version = s.version + 1, forgotten_at = excluded.forgotten_at, muted_traits = '{}',
    last_event_at = null
  returning s.version into v_version;
  return jsonb_build_object('profileVersion', v_version, 'erased', personalization.erase_subject(v_subject));
end;
$$;
revoke execute on function personalization.forget_me(text) from public;
grant execute on function personalization.forget_me(text) to anon, authenticated, service_role;
comment on function personalization.forget_me(text) is 'Erases all that was learned of the caller and what it was learned from.';
