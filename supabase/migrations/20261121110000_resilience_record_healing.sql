-- What healing did and what it set aside. Written inside the caller's own transaction, yet never with the caller's rights.

-- The gate: the only schema of the kernel that callers reach. Only functions live here; none of them reads what was kept.
create schema if not exists resilience_gate;
revoke all on schema resilience_gate from public;
grant usage on schema resilience_gate to anon, authenticated, service_role;
comment on schema resilience_gate is 'What healing writes about itself inside a caller''s transaction. Not exposed to the API.';

create table resilience.healing_events (
  id uuid primary key,
  request_id text,
  table_oid bigint,
  table_schema text not null,
  table_name text not null,
  diagnosis text not null,
  from_name text,
  to_name text,
  strategy text not null,
  evidence jsonb not null default '{}',
  alternatives jsonb not null default '[]',
  confidence double precision not null,
  pattern_id uuid,
  row_keys jsonb not null default '[]',
  shape text,
  schema_version text,
  duration_ms double precision not null,
  writer_role text not null,
  writer_claims jsonb not null,
  healed_at timestamptz not null default clock_timestamp(),
  undone_at timestamptz,
  undone_by text,
  undo_reason text,
  constraint diagnosis_and_strategy_are_said check (diagnosis <> '' and strategy <> ''),
  constraint confidence_is_a_probability check (confidence between 0 and 1),
  constraint duration_is_not_negative check (duration_ms >= 0),
  constraint row_keys_and_alternatives_are_lists
    check (jsonb_typeof(row_keys) = 'array' and jsonb_typeof(alternatives) = 'array'),
  constraint schema_version_is_a_sha_256 check (schema_version ~ '^[0-9a-f]{64}$'),
  constraint undone_at_goes_with_undone_by check ((undone_at is null) = (undone_by is null)),
  constraint only_an_undone_heal_has_a_reason check (undo_reason is null or undone_at is not null),
  constraint undone_at_is_not_before_healed_at check (undone_at >= healed_at)
);
comment on table resilience.healing_events is 'Each heal: what, why, on which evidence, what else was possible; and whether it was taken back.';
comment on column resilience.healing_events.shape is 'The payload''s keys in their order and where each went, as JSON text.';
create index healing_events_by_table on resilience.healing_events (table_oid, healed_at desc);
create index healing_events_by_age on resilience.healing_events (healed_at);
create index healing_events_by_request on resilience.healing_events (request_id) where request_id is not null;

create table resilience.rescued_fields (
  id uuid primary key,
  healing_id uuid references resilience.healing_events (id) on delete set null,
  table_oid bigint not null,
  table_schema text not null,
  table_name text not null,
  row_key jsonb,
  fields text not null,
  open_fields text[] not null,
  shape text not null,
  schema_version text,
  writer_role text not null,
  writer_claims jsonb not null,
  rescued_at timestamptz not null default clock_timestamp(),
  landed_at timestamptz,
  replayed_at timestamptz,
  replays jsonb not null default '[]',
  constraint fields_are_a_json_object check (fields is json object),
  constraint shape_is_a_json_object check (shape is json object),
  constraint row_key_is_not_empty check (jsonb_typeof(row_key) = 'object' and row_key <> '{}'),
  constraint a_landed_row_has_a_key check (landed_at is null or row_key is not null),
  constraint replayed_at_says_that_no_field_of_a_row_is_open
    check ((replayed_at is not null) = (open_fields = '{}' and landed_at is not null)),
  constraint schema_version_is_a_sha_256 check (schema_version ~ '^[0-9a-f]{64}$')
);
comment on table resilience.rescued_fields is 'Fields of a payload that no column took, one row for each row of payload; text, so that every byte survives.';
comment on column resilience.rescued_fields.fields is 'A JSON object in the payload''s own order and writing: not jsonb, which reorders keys and rewrites numbers.';
comment on column resilience.rescued_fields.open_fields is 'The keys that have not moved to a column, each as JSON writes it: a key may hold what text cannot.';
comment on column resilience.rescued_fields.landed_at is 'Null while it is not known that the row was written: set aside ahead of a write in another transaction.';
-- By hash: the key of a table that has none is the whole row, too long for a tree.
create index rescued_fields_by_row on resilience.rescued_fields using hash (row_key);
create index rescued_fields_open on resilience.rescued_fields (table_oid, id) where replayed_at is null;
create index rescued_fields_by_age on resilience.rescued_fields (rescued_at);
create index rescued_fields_by_healing on resilience.rescued_fields (healing_id);

alter table resilience.healing_events enable row level security;
alter table resilience.rescued_fields enable row level security;
revoke all on resilience.healing_events, resilience.rescued_fields from public, anon, authenticated;
grant select, insert, update, delete on resilience.healing_events, resilience.rescued_fields to service_role;

-- Whose rights the transaction has: inside a definer function `current_user` no longer says so, the setting does.
create function resilience.writer_role() returns name
language plpgsql stable set search_path = ''
as $$
begin
  return case coalesce(current_setting('role', true), 'none') when 'none' then session_user
    else current_setting('role') end;
end
$$;

create function resilience.writer_claims() returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
  return coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb, '{}');
end
$$;

-- The gate opens for sessions whose login could write the tables itself, and to nobody else: it lends no rights, it only
-- saves the way out of the caller's role and back. PostgREST's login inherits nothing, so no request of its can pass.
create function resilience.assert_trusted_session() returns void
language plpgsql stable set search_path = ''
as $$
begin
  if not has_table_privilege(session_user, 'resilience.healing_events', 'insert') then
    raise insufficient_privilege using message = 'Only the kernel''s own connection may write about healing';
  end if;
end
$$;

-- May the caller write to this table at all? Without a table (nobody knows where the write was meant to go) there is
-- nothing to ask; a session under its own rights needs no leave.
create function resilience.assert_writer(p_table bigint) returns void
language plpgsql stable set search_path = ''
as $$
begin
  if p_table is not null and resilience.writer_role() <> session_user
    and not coalesce(has_any_column_privilege(resilience.writer_role(), p_table::oid, 'insert, update')
      or has_table_privilege(resilience.writer_role(), p_table::oid, 'delete'), false)
  then
    raise insufficient_privilege using message = 'The caller may not write to table ' || p_table;
  end if;
end
$$;

-- The condition under which `written`, a row of the table, is the one with the key $1; null where the key is none of its.
-- What it tells is in the catalog for everybody to read. In plpgsql, whose plans are kept: as SQL it took 0.8 ms a call.
create function resilience_gate.row_condition(p_table bigint, p_key jsonb) returns text
language plpgsql stable set search_path = ''
as $$
begin
  return (select case when count(*) > 0 and count(*) = (select count(*) from jsonb_object_keys(p_key)) then string_agg(
    case
      when p_key -> a.attname::text = 'null' then format('written.%I is null', a.attname)
      when t.typcategory = 'A' or t.typtype = 'c' or t.oid in ('json'::regtype, 'jsonb'::regtype) then
        format('to_jsonb(written.%I) = $1 -> %L', a.attname, a.attname)
      -- A driver's dates have milliseconds; what stands beside them in a key is what an index finds the row by.
      when t.oid in ('timestamp'::regtype, 'timestamptz'::regtype) then
        format('date_trunc(''milliseconds'', written.%1$I) = date_trunc(''milliseconds'', ($1 ->> %1$L)::%2$s)',
          a.attname, format_type(t.oid, -1))
      else format('written.%1$I = ($1 ->> %1$L)::%2$s', a.attname, format_type(t.oid, -1))
    end, ' and ') end
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
  where a.attrelid = p_table::oid and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
    and p_key ? a.attname::text);
end
$$;

-- Did this very transaction write the row? A row version that we see while its writer is still in progress is our own:
-- nobody else's is visible before it commits. Savepoints have ids of their own, so comparing ids would miss their rows.
create function resilience.wrote_row(p_table bigint, p_key jsonb) returns boolean
language plpgsql volatile set search_path = ''
as $$
declare
  condition constant text := resilience_gate.row_condition(p_table, p_key);
  is_ours boolean;
begin
  if condition is null then
    return false;
  end if;
  -- `xmin` has 32 bits: the full id is the one nearest to ours.
  execute format(
    'select exists (select from %s as written where %s and pg_xact_status(($2 + '
      || '((written.xmin::text::bigint - $2 + 2147483648) & 4294967295) - 2147483648)::text::xid8) = ''in progress'')',
    p_table::oid::regclass, condition)
  into is_ours using p_key, pg_current_xact_id()::text::bigint;
  return is_ours;
end
$$;

-- Moves a value, given as JSON text, to a column of a row if that is still null, under the rights of whoever calls: `moved`,
-- `occupied` (the column has a value), `gone` (no such row or column for the caller), or `lossy` (the column would hold
-- something else than was sent; nothing is changed).
create function resilience_gate.move_value(p_table bigint, p_key jsonb, p_attnum integer, p_value text) returns text
language plpgsql volatile set search_path = ''
as $$
declare
  condition constant text := resilience_gate.row_condition(p_table, p_key);
  target name;
  target_type text;
  changed integer;
  is_faithful boolean;
  is_there boolean;
begin
  select a.attname, format_type(a.atttypid, -1) into target, target_type from pg_attribute a
    where a.attrelid = p_table::oid and a.attnum = p_attnum and not a.attisdropped and a.attgenerated = '';
  if condition is null or target is null then
    return 'gone';
  end if;
  begin
    -- Read without the column's modifier and compared with what the column made of it: rounding and cutting show.
    execute format(
      'with moved as (update %1$s as written set %2$I = wanted.value from json_to_record($2) as wanted (value %3$s) '
        || 'where %4$s and written.%2$I is null returning to_jsonb(written.%2$I) as held, to_jsonb(wanted.value) as meant) '
        || 'select count(*), bool_and(held is not distinct from meant and case when json_typeof($2 -> ''value'') = ''number'' '
        || 'and jsonb_typeof(held) = ''number'' then held::numeric = ($2 ->> ''value'')::numeric else true end) from moved',
      p_table::oid::regclass, target, target_type, condition)
    into changed, is_faithful using p_key, json_build_object('value', p_value::json);
    if changed > 1 or not is_faithful then
      raise exception using errcode = 'BL001';
    end if;
  exception when sqlstate 'BL001' then
    return 'lossy';
  end;
  if changed = 1 then
    return 'moved';
  end if;
  execute format('select exists (select from %s as written where %s)', p_table::oid::regclass, condition)
    into is_there using p_key;
  return case when is_there then 'occupied' else 'gone' end;
end
$$;
revoke execute on function resilience_gate.row_condition(bigint, jsonb),
  resilience_gate.move_value(bigint, jsonb, integer, text) from public;
grant execute on function resilience_gate.row_condition(bigint, jsonb),
  resilience_gate.move_value(bigint, jsonb, integer, text) to anon, authenticated, service_role;
revoke execute on function resilience.writer_role(), resilience.writer_claims(), resilience.assert_trusted_session(),
  resilience.assert_writer(bigint), resilience.wrote_row(bigint, jsonb) from public;
grant execute on function resilience.writer_role(), resilience.writer_claims(), resilience.assert_trusted_session(),
  resilience.assert_writer(bigint), resilience.wrote_row(bigint, jsonb) to service_role;

-- Records heals, each an object named like the columns. The same heal told twice is recorded once.
create function resilience_gate.record_heals(p_heals jsonb) returns integer
language plpgsql volatile strict security definer set search_path = ''
as $$
declare
  recorded integer;
begin
  perform resilience.assert_trusted_session();
  perform resilience.assert_writer(t.table_oid)
    from (select distinct (h ->> 'table_oid')::bigint as table_oid from jsonb_array_elements(p_heals) h) t;
  insert into resilience.healing_events (id, request_id, table_oid, table_schema, table_name, diagnosis, from_name, to_name,
    strategy, evidence, alternatives, confidence, pattern_id, row_keys, shape, schema_version, duration_ms, writer_role,
    writer_claims)
  select h.id, h.request_id, h.table_oid, h.table_schema, h.table_name, h.diagnosis, h.from_name, h.to_name, h.strategy,
    coalesce(h.evidence, '{}'), coalesce(h.alternatives, '[]'), h.confidence, h.pattern_id, coalesce(h.row_keys, '[]'),
    h.shape, h.schema_version, h.duration_ms, resilience.writer_role(),
    -- Nothing is sent again in a heal's name: who it was is enough, their claims are their own.
    jsonb_strip_nulls(jsonb_build_object('sub', resilience.writer_claims() ->> 'sub'))
  from jsonb_to_recordset(p_heals) as h (id uuid, request_id text, table_oid bigint, table_schema text, table_name text,
    diagnosis text, from_name text, to_name text, strategy text, evidence jsonb, alternatives jsonb,
    confidence double precision, pattern_id uuid, row_keys jsonb, shape text, schema_version text,
    duration_ms double precision)
  on conflict (id) do nothing;
  get diagnostics recorded = row_count;
  return recorded;
end
$$;

-- Sets fields aside for rows that this transaction wrote, or (without a key) ahead of a write that is still to come, which
-- only a session that has not taken a caller's role may do.
create function resilience_gate.rescue_fields(p_rescues jsonb) returns integer
language plpgsql volatile strict security definer set search_path = ''
as $$
declare
  rescue record;
begin
  perform resilience.assert_trusted_session();
  for rescue in
    select (r ->> 'table_oid')::bigint as table_oid, nullif(r -> 'row_key', 'null') as row_key,
      coalesce((r ->> 'is_ahead')::boolean, false) as is_ahead
    from jsonb_array_elements(p_rescues) r
  loop
    perform resilience.assert_writer(rescue.table_oid);
    if rescue.is_ahead then
      if resilience.writer_role() <> session_user then
        raise insufficient_privilege using message = 'A caller may set fields aside only for a row it has written';
      end if;
    elsif rescue.row_key is null or not resilience.wrote_row(rescue.table_oid, rescue.row_key) then
      raise insufficient_privilege using message = 'Fields are set aside only for a row of the same transaction';
    end if;
  end loop;
  insert into resilience.rescued_fields (id, healing_id, table_oid, table_schema, table_name, row_key, fields, open_fields,
    shape, schema_version, writer_role, writer_claims, landed_at, replayed_at)
  select r.id, r.healing_id, r.table_oid, r.table_schema, r.table_name, nullif(r.row_key, 'null'), r.fields, r.open_fields,
    r.shape, r.schema_version, coalesce(case when r.is_ahead then r.writer_role end, resilience.writer_role()),
    coalesce(case when r.is_ahead then r.writer_claims end, resilience.writer_claims()),
    case when not coalesce(r.is_ahead, false) then clock_timestamp() end,
    case when r.open_fields = '{}' and not coalesce(r.is_ahead, false) then clock_timestamp() end
  from jsonb_to_recordset(p_rescues) as r (id uuid, healing_id uuid, table_oid bigint, table_schema text, table_name text,
    row_key jsonb, fields text, open_fields text[], shape text, schema_version text, is_ahead boolean, writer_role text,
    writer_claims jsonb);
  return jsonb_array_length(p_rescues);
end
$$;
revoke execute on function resilience_gate.record_heals(jsonb), resilience_gate.rescue_fields(jsonb) from public;
grant execute on function resilience_gate.record_heals(jsonb), resilience_gate.rescue_fields(jsonb)
  to anon, authenticated, service_role;
