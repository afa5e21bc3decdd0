-- A shopper signs in: what their session did and what was learned from it becomes their user's, once. The session is over then: what
-- comes under its key later is ignored, so that nobody else on the same device writes into the user's profile, or reads it.

-- Rows of another part's table become the user's, as far as they do not clash with what the user has.
create function personalization.move_rows(p_table personalization.subject_tables, p_from uuid, p_to uuid) returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_row tid;
begin
  if p_table.on_merge = 'move' then
    begin
      execute format('update %I.%I set %I = $2 where %I = $1',
        p_table.table_schema, p_table.table_name, p_table.subject_column, p_table.subject_column) using p_from, p_to;
    exception when unique_violation then
      for v_row in execute format('select ctid from %I.%I where %I = $1',
        p_table.table_schema, p_table.table_name, p_table.subject_column) using p_from loop
        begin
          execute format('update %I.%I set %I = $2 where ctid = $1', p_table.table_schema, p_table.table_name, p_table.subject_column)
            using v_row, p_to;
        exception when unique_violation then
          null; -- The user's own row stays, and the session's goes below.
        end;
      end loop;
    end;
  end if;
  execute format('delete from %I.%I where %I = $1', p_table.table_schema, p_table.table_name, p_table.subject_column) using p_from;
end;
$$;
revoke execute on function personalization.move_rows(personalization.subject_tables, uuid, uuid) from public;
grant execute on function personalization.move_rows(personalization.subject_tables, uuid, uuid) to service_role;
comment on function personalization.move_rows(personalization.subject_tables, uuid, uuid) is 'Moves another part''s rows to the user a session merges into.';

-- Evidence of both, decayed to the same moment, adds up; so do habits.
create function personalization.move_learned(p_from uuid, p_to uuid) returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  insert into personalization.preferences as kept
    (subject_id, trait, browsed, carted, bought, against, session_for, session_against, as_of, events)
  select p_to, p.trait, p.browsed, p.carted, p.bought, p.against, p.session_for, p.session_against, p.as_of, p.events
  from personalization.preferences p where p.subject_id = p_from order by p.trait
  on conflict (subject_id, trait) do update set (browsed, carted, bought, against, session_for, session_against, as_of, events) = (
    select kept.browsed * exp(-aged.mine * 0.0495105128971) + excluded.browsed * exp(-aged.theirs * 0.0495105128971),
      kept.carted * exp(-aged.mine * 0.0154032706791) + excluded.carted * exp(-aged.theirs * 0.0154032706791),
      kept.bought * exp(-aged.mine * 0.00385081766978) + excluded.bought * exp(-aged.theirs * 0.00385081766978),
      kept.against * exp(-aged.mine * 0.0115524530093) + excluded.against * exp(-aged.theirs * 0.0115524530093),
      kept.session_for * exp(-least(aged.mine * 33.2710646669, 700))
        + excluded.session_for * exp(-least(aged.theirs * 33.2710646669, 700)),
      kept.session_against * exp(-least(aged.mine * 33.2710646669, 700))
        + excluded.session_against * exp(-least(aged.theirs * 33.2710646669, 700)),
      greatest(kept.as_of, excluded.as_of), kept.events + excluded.events
    from (select
      greatest(extract(epoch from excluded.as_of - kept.as_of)::double precision / 86400, 0) as mine,
      greatest(extract(epoch from kept.as_of - excluded.as_of)::double precision / 86400, 0) as theirs) aged);
  delete from personalization.preferences where subject_id = p_from;

  insert into personalization.habits as kept
    (subject_id, product_id, purchases, usual_quantity, last_quantity, first_bought_at, last_bought_at, interval_days)
  select p_to, h.product_id, h.purchases, h.usual_quantity, h.last_quantity, h.first_bought_at, h.last_bought_at, h.interval_days
  from personalization.habits h where h.subject_id = p_from order by h.product_id
  on conflict (subject_id, product_id) do update set
    purchases = kept.purchases + excluded.purchases,
    usual_quantity = (kept.usual_quantity * kept.purchases + excluded.usual_quantity * excluded.purchases)
      / (kept.purchases + excluded.purchases),
    last_quantity = case when excluded.last_bought_at >= kept.last_bought_at then excluded.last_quantity else kept.last_quantity end,
    first_bought_at = least(kept.first_bought_at, excluded.first_bought_at),
    last_bought_at = greatest(kept.last_bought_at, excluded.last_bought_at),
    interval_days = nullif(extract(epoch from greatest(kept.last_bought_at, excluded.last_bought_at)
      - least(kept.first_bought_at, excluded.first_bought_at))::real / 86400 / (kept.purchases + excluded.purchases - 1), 0);
  delete from personalization.habits where subject_id = p_from;
end;
$$;
revoke execute on function personalization.move_learned(uuid, uuid) from public;
grant execute on function personalization.move_learned(uuid, uuid) to service_role;
comment on function personalization.move_learned(uuid, uuid) is 'Adds what was learned of a session to what is known of a user.';

create function personalization.merge_session(p_session_key text) returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_user uuid := auth.uid();
  v_session uuid := personalization.session_subject(p_session_key);
  v_from personalization.subjects;
  v_to personalization.subjects;
  v_table personalization.subject_tables;
  v_events bigint := 0;
begin
  if v_user is null then
    raise exception 'Cannot merge the session as nobody is signed in whom it could become' using errcode = 'BL403';
  elsif p_session_key is null or length(p_session_key) not between 22 and 200 then
    raise exception 'Cannot merge the session as its key is not known' using errcode = 'BL422', detail = 'x-session-key';
  end if;
  -- The session's row first, then the user's: tracking locks one of them alone, and so never waits crosswise.
  select * into v_from from personalization.subjects where id = v_session for update;
  if v_from.merged_into is not null and v_from.merged_into <> v_user then
    raise exception 'Cannot merge the session as it is somebody else''s by now' using errcode = 'BL409';
  end if;
  insert into personalization.subjects as s (id) values (v_user)
  on conflict (id) do update set version = s.version + case when v_from.id is null or v_from.merged_into is not null then 0 else 1 end
  returning * into v_to;
  if v_from.id is null or v_from.merged_into is not null then
    return jsonb_build_object('isMerged', false, 'events', 0, 'profileVersion', v_to.version);
  end if;

  if v_from.opted_out_at is not null or v_to.opted_out_at is not null then
    -- Either of them wants nothing to be known: it is not carried over, but erased.
    perform personalization.erase_subject(v_session);
  else
    update personalization.interactions set subject_id = v_user where subject_id = v_session;
    get diagnostics v_events = row_count;
    perform personalization.move_learned(v_session, v_user);
    update personalization.shown_lists set subject_id = v_user where subject_id = v_session;
    for v_table in select * from personalization.subject_tables where is_erased order by table_schema, table_name loop
      perform personalization.move_rows(v_table, v_session, v_user);
    end loop;
    update personalization.subjects set last_event_at = greatest(last_event_at, v_from.last_event_at),
      muted_traits = (array(select distinct trait from unnest(muted_traits || v_from.muted_traits) muted(trait) order by 1))[1 : 200]
    where id = v_user;
  end if;
  update personalization.subjects set merged_into = v_user, version = version + 1, muted_traits = '{}', last_event_at = null
  where id = v_session;
  return jsonb_build_object('isMerged', true, 'events', v_events, 'profileVersion', v_to.version);
end;
$$;
revoke execute on function personalization.merge_session(text) from public;
grant execute on function personalization.merge_session(text) to authenticated;
comment on function personalization.merge_session(text) is 'Makes what a session did and taught the signed-in user''s, once.';
