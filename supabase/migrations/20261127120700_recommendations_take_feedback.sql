-- What a shopper says of a product that they were recommended. Said twice it is the same; the last word counts. It is theirs
-- alone: a list that somebody else was shown is unknown to them. A list that was shown to
-- nobody, or to somebody who opted out, has no owner.
create function recommendations.take_feedback(p_session_key text, p_list_id uuid, p_product_id uuid, p_action text)
returns text
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_subject uuid := personalization.caller_subject(p_session_key);
  v_merged_into uuid;
  v_shown uuid[];
  v_changed integer := 0;
  v_said text;
begin
  if v_subject is null then
    raise exception 'Cannot take feedback as nobody is known to give it: sign in, or send the header x-session-key'
      using errcode = 'BL422', detail = 'x-session-key';
  end if;
  -- A subject from now on, so that what they said goes along when their session becomes a user's; locked, so that it does
  -- not become one meanwhile.
  insert into personalization.subjects (id, is_session) values (v_subject, auth.uid() is null) on conflict (id) do nothing;
  select s.merged_into into v_merged_into from personalization.subjects s where s.id = v_subject for update;
  if v_merged_into is not null then
    raise exception 'Cannot take feedback as the session has become a user''s: sign in, or begin another session'
      using errcode = 'BL409';
  end if;
  select l.product_ids into v_shown from personalization.shown_lists l
  where l.id = p_list_id and l.source = 'recommendations' and (
    l.subject_id is null or l.subject_id = v_subject
    or l.subject_id = personalization.session_subject(p_session_key));
  if not found then
    raise exception 'Cannot take feedback as you were shown no recommendations of this id' using errcode = 'BL404';
  end if;
  if p_product_id <> all (v_shown) or not exists (select 1 from public.products p where p.id = p_product_id) then
    raise exception 'Cannot take feedback as the product is not among these recommendations'
      using errcode = 'BL422', detail = 'productId';
  end if;

  case p_action
    when 'dismiss', 'not_interested' then
      insert into recommendations.dismissals as said (subject_id, product_id, action, list_id)
      values (v_subject, p_product_id, p_action, p_list_id)
      on conflict (subject_id, product_id) do update set action = excluded.action, list_id = excluded.list_id, created_at = now()
      where said.action <> excluded.action;
      get diagnostics v_changed = row_count;
    when 'undo' then
      delete from recommendations.dismissals d where d.subject_id = v_subject and d.product_id = p_product_id;
      get diagnostics v_changed = row_count;
      delete from recommendations.praises p
      where p.subject_id = v_subject and p.product_id = p_product_id and p.list_id = p_list_id;
    when 'helpful' then
      insert into recommendations.praises (subject_id, product_id, list_id) values (v_subject, p_product_id, p_list_id)
      on conflict do nothing;
  end case;
  if v_changed > 0 then
    -- Caches compare it; streams are told.
    update personalization.subjects s set version = s.version + 1 where s.id = v_subject;
    if exists (select 1 from live.listeners l where l.subject_id = v_subject and l.until > now()) then
      perform personalization.after_track(v_subject, array[p_product_id]);
    end if;
  end if;
  select d.action into v_said from recommendations.dismissals d where d.subject_id = v_subject and d.product_id = p_product_id;
  return v_said;
end;
$$;
revoke execute on function recommendations.take_feedback(text, uuid, uuid, text) from public;
grant execute on function recommendations.take_feedback(text, uuid, uuid, text) to anon, authenticated;
comment on function recommendations.take_feedback(text, uuid, uuid, text) is
  'Keeps what the caller says of a product they were recommended.';
