-- A list belongs to whom it was shown, whether or not anything has been learned of them by then: feedback on it is theirs alone,
-- and what they click is theirs to learn from. Who opted out leaves no trace in it.
create or replace function personalization.note_list(
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
