-- Everything about the caller, for the caller: settings, what was learned, what other parts keep of them, and every event, in pages.
-- Only the first page carries what is not events.
create function personalization.export_me(
  p_session_key text,
  p_after_at timestamptz,
  p_after_id uuid,
  p_limit integer
) returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_subject uuid := personalization.caller_subject(p_session_key);
  v_table personalization.subject_tables;
  v_rows jsonb;
  v_elsewhere jsonb := '{}';
  v_events jsonb;
  v_count integer;
  v_last jsonb;
  v_rest jsonb := '{}';
begin
  if v_subject is null then
    raise exception 'Cannot export as it is not known for whom: sign in, or send a session key'
      using errcode = 'BL422', detail = 'x-session-key';
  end if;
  -- From old to new, by an index of the subject's own.
  select coalesce(jsonb_agg(to_jsonb(page) - 'subject_id' order by page.occurred_at, page.event_id), '[]'), count(*),
    (array_agg(jsonb_build_object('at', page.occurred_at, 'id', page.event_id) order by page.occurred_at desc, page.event_id desc))[1]
  into v_events, v_count, v_last
  from (
    select i.* from personalization.interactions i
    where i.subject_id = v_subject
      and (p_after_at is null or (i.occurred_at >= p_after_at and (i.occurred_at, i.event_id) > (p_after_at, p_after_id)))
    order by i.occurred_at, i.event_id limit p_limit) page;
  if p_after_at is null then
    for v_table in select * from personalization.subject_tables where is_exported order by table_schema, table_name loop
      execute format('select coalesce(jsonb_agg(to_jsonb(t)), ''[]'') from (select * from %I.%I where %I = $1 limit 10000) t',
        v_table.table_schema, v_table.table_name, v_table.subject_column) into v_rows using v_subject;
      if v_rows <> '[]' then
        v_elsewhere := v_elsewhere || jsonb_build_object(v_table.table_schema || '.' || v_table.table_name, v_rows);
      end if;
    end loop;
    v_rest := jsonb_build_object(
      'subject', (select to_jsonb(s) from personalization.subjects s where s.id = v_subject),
      'mergedSessions', (select coalesce(jsonb_agg(s.id), '[]') from personalization.subjects s where s.merged_into = v_subject),
      'preferences', (select coalesce(jsonb_agg(to_jsonb(p) - 'subject_id' order by p.trait), '[]')
        from personalization.preferences p where p.subject_id = v_subject),
      'habits', (select coalesce(jsonb_agg(to_jsonb(h) - 'subject_id' order by h.product_id), '[]')
        from personalization.habits h where h.subject_id = v_subject),
      'lists', (select coalesce(jsonb_agg(to_jsonb(l) - 'subject_id' order by l.shown_at), '[]')
        from (select * from personalization.shown_lists k where k.subject_id = v_subject order by k.shown_at desc limit 5000) l),
      'elsewhere', v_elsewhere);
  end if;
  return v_rest || jsonb_build_object('events', v_events, 'next', case when v_count = p_limit then v_last end);
end;
$$;
revoke execute on function personalization.export_me(text, timestamptz, uuid, integer) from public;
grant execute on function personalization.export_me(text, timestamptz, uuid, integer) to anon, authenticated, service_role;
create index subjects_by_user on personalization.subjects (merged_into) where merged_into is not null;
comment on function personalization.export_me(text, timestamptz, uuid, integer) is 'Everything about the caller, events in pages.';
