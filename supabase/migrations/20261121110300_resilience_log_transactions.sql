-- Transactions under a key: run twice, they have their effect once, and the second is told the first one's result. The row
-- is written inside the transaction it speaks of, so it exists if and only if that transaction committed.

create table resilience.transaction_logs (
  scope text not null,
  key text not null,
  xid xid8 not null,
  state text not null default 'open',
  request_hash text,
  result text,
  created_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  expires_at timestamptz not null default clock_timestamp() + interval '24 hours',
  primary key (scope, key),
  constraint key_has_1_to_255_printable_characters check (key ~ '^[\x21-\x7e]{1,255}$'),
  constraint state_is_known check (state in ('open', 'done')),
  constraint only_a_done_transaction_has_finished check ((state = 'done') = (finished_at is not null)),
  constraint result_is_json_of_a_done_transaction check (result is null or (state = 'done' and result is json)),
  constraint request_hash_is_a_sha_256 check (request_hash ~ '^[0-9a-f]{64}$'),
  constraint expires_at_is_after_created_at check (expires_at > created_at)
);
comment on table resilience.transaction_logs is 'Committed transactions by key, with their results, for 24 hours or as long as was asked.';
comment on column resilience.transaction_logs.scope is 'The caller''s role and subject, then what the code says: nobody is told a result of somebody else.';
comment on column resilience.transaction_logs.xid is 'The transaction itself: what `pg_xact_status` is asked after a connection was lost during commit.';
create index transaction_logs_by_end on resilience.transaction_logs (expires_at);

alter table resilience.transaction_logs enable row level security;
revoke all on resilience.transaction_logs from public, anon, authenticated;
grant select, insert, update, delete on resilience.transaction_logs to service_role;

create function resilience.transaction_scope(p_scope text) returns text
language sql stable set search_path = ''
as $$
  select jsonb_build_array(resilience.writer_role(), resilience.writer_claims() ->> 'sub', p_scope)::text
$$;
revoke execute on function resilience.transaction_scope(text) from public;
grant execute on function resilience.transaction_scope(text) to service_role;

-- Claims a key for this transaction: `run`, `done` with the first one's result, or `reused` (the key belongs to another
-- request). While another transaction holds the key this one waits for its end. Above read committed a key taken
-- meanwhile is a serialization failure: the whole transaction runs again, and then sees it.
create function resilience_gate.claim_transaction(p_scope text, p_key text, p_request_hash text, p_keep_ms bigint)
returns table (state text, result text, xid text)
language plpgsql volatile security definer set search_path = ''
as $$
#variable_conflict use_column
declare
  own_scope constant text := resilience.transaction_scope(p_scope);
  kept resilience.transaction_logs;
begin
  perform resilience.assert_trusted_session();
  insert into resilience.transaction_logs as log (scope, key, xid, request_hash, expires_at)
    values (own_scope, p_key, pg_current_xact_id(), p_request_hash,
      clock_timestamp() + make_interval(secs => p_keep_ms / 1000.0))
    on conflict (scope, key) do update
      set xid = excluded.xid, state = 'open', request_hash = excluded.request_hash, result = null, finished_at = null,
        created_at = clock_timestamp(), expires_at = excluded.expires_at
      where log.expires_at <= clock_timestamp();
  if found then
    return query select 'run', null::text, pg_current_xact_id()::text;
    return;
  end if;
  select log.* into kept from resilience.transaction_logs log where log.scope = own_scope and log.key = p_key;
  if kept.request_hash is distinct from p_request_hash then
    return query select 'reused', null::text, null::text;
  else
    return query select case when kept.xid = pg_current_xact_id() then 'run' else 'done' end, kept.result, kept.xid::text;
  end if;
end
$$;

-- Keeps the result; only the transaction that claimed the key can.
create function resilience_gate.finish_transaction(p_scope text, p_key text, p_result text) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform resilience.assert_trusted_session();
  update resilience.transaction_logs log
    set state = 'done', result = p_result, finished_at = clock_timestamp()
    where log.scope = resilience.transaction_scope(p_scope) and log.key = p_key and log.xid = pg_current_xact_id()
      and log.state = 'open';
  return found;
end
$$;
revoke execute on function resilience_gate.claim_transaction(text, text, text, bigint),
  resilience_gate.finish_transaction(text, text, text) from public;
grant execute on function resilience_gate.claim_transaction(text, text, text, bigint),
  resilience_gate.finish_transaction(text, text, text) to anon, authenticated, service_role;

-- Deletes logs whose time is over, at most p_max_rows, and says how many there were.
create function resilience.purge_transaction_logs(p_max_rows integer default 10000) returns integer
language sql volatile set search_path = ''
as $$
  with expired as (
    select scope, key from resilience.transaction_logs
    where expires_at <= clock_timestamp() order by expires_at limit p_max_rows for update skip locked
  ),
  purged as (
    delete from resilience.transaction_logs log using expired
    where log.scope = expired.scope and log.key = expired.key returning 1
  )
  select count(*)::integer from purged;
$$;
revoke execute on function resilience.purge_transaction_logs(integer) from public;
grant execute on function resilience.purge_transaction_logs(integer) to service_role;
