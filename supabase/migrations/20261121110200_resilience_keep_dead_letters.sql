-- Writes that could neither land nor be healed, whole, with their error: they can be sent again.

create table resilience.dead_letters (
  id uuid primary key,
  request_id text,
  table_oid bigint,
  table_schema text not null,
  table_name text not null,
  operation text not null,
  payload text not null,
  arguments text not null default '{}',
  error_code text not null,
  error_fields jsonb not null default '{}',
  schema_version text,
  writer_role text not null,
  writer_claims jsonb not null,
  attempts integer not null default 1,
  died_at timestamptz not null default clock_timestamp(),
  tried_at timestamptz,
  outcome text,
  replayed_at timestamptz,
  settled_by text,
  constraint operation_is_known check (operation in ('insert', 'upsert', 'update', 'delete', 'rpc')),
  constraint payload_is_json check (payload is json),
  constraint arguments_are_a_json_object check (arguments is json object),
  constraint error_code_is_said check (error_code <> ''),
  constraint attempts_are_positive check (attempts > 0),
  constraint outcome_is_known check (outcome in ('landed', 'discarded')),
  constraint replayed_at_goes_with_an_outcome check ((replayed_at is null) = (outcome is null)),
  constraint only_a_settled_letter_has_a_settler check (settled_by is null or outcome is not null),
  constraint schema_version_is_a_sha_256 check (schema_version ~ '^[0-9a-f]{64}$')
);
comment on table resilience.dead_letters is 'Writes that were given up, exactly as they were sent, until somebody lands or discards them.';
comment on column resilience.dead_letters.payload is 'One row of payload as JSON text: not jsonb, which reorders keys and rewrites numbers.';
comment on column resilience.dead_letters.arguments is 'What else the write was told, such as its match or its conflict columns, as JSON text.';
comment on column resilience.dead_letters.writer_role is 'Under whose rights it was sent, and is sent again: row level security has not judged it yet.';
create index dead_letters_open on resilience.dead_letters (died_at, id) where outcome is null;
create index dead_letters_by_table on resilience.dead_letters (table_schema, table_name, died_at);
create index dead_letters_settled on resilience.dead_letters (replayed_at) where outcome is not null;

alter table resilience.dead_letters enable row level security;
revoke all on resilience.dead_letters from public, anon, authenticated;
grant select, insert, update, delete on resilience.dead_letters to service_role;

-- Keeps letters, each an object named like the columns. In the transaction that lands their neighbours, a keyed batch
-- that is answered from its key has lost none of its rows.
create function resilience_gate.keep_dead_letters(p_letters jsonb) returns integer
language plpgsql volatile strict security definer set search_path = ''
as $$
declare
  kept integer;
begin
  perform resilience.assert_trusted_session();
  perform resilience.assert_writer(t.table_oid)
    from (select distinct (l ->> 'table_oid')::bigint as table_oid from jsonb_array_elements(p_letters) l) t;
  insert into resilience.dead_letters (id, request_id, table_oid, table_schema, table_name, operation, payload, arguments,
    error_code, error_fields, schema_version, attempts, writer_role, writer_claims)
  select l.id, l.request_id, l.table_oid, l.table_schema, l.table_name, l.operation, l.payload, coalesce(l.arguments, '{}'),
    l.error_code, coalesce(l.error_fields, '{}'), l.schema_version, coalesce(l.attempts, 1),
    case when own.is_own then coalesce(l.writer_role, own.role) else own.role end,
    case when own.is_own then coalesce(l.writer_claims, own.claims) else own.claims end
  from jsonb_to_recordset(p_letters) as l (id uuid, request_id text, table_oid bigint, table_schema text, table_name text,
    operation text, payload text, arguments text, error_code text, error_fields jsonb, schema_version text,
    attempts integer, writer_role text, writer_claims jsonb)
  -- A session under its own rights may say for whom it keeps them; one that has taken a caller's role is that caller.
  cross join (select resilience.writer_role() as role, resilience.writer_claims() as claims,
    resilience.writer_role() = session_user as is_own) own
  on conflict (id) do nothing;
  get diagnostics kept = row_count;
  return kept;
end
$$;
revoke execute on function resilience_gate.keep_dead_letters(jsonb) from public;
grant execute on function resilience_gate.keep_dead_letters(jsonb) to anon, authenticated, service_role;
