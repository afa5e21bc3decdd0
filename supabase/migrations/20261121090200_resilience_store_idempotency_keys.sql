-- Requests under an Idempotency-Key: who runs one, and what it was answered. A retry is answered from here.

create table resilience.idempotency_keys (
  scope text not null,
  key text not null,
  request_hash text not null,
  run_id uuid not null default gen_random_uuid(),
  lease_expires_at timestamptz,
  status smallint,
  headers jsonb,
  body bytea,
  created_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  expires_at timestamptz not null default clock_timestamp() + interval '24 hours',
  primary key (scope, key),
  constraint key_has_1_to_255_printable_characters check (key ~ '^[\x21-\x7e]{1,255}$'),
  constraint request_hash_is_a_sha_256 check (request_hash ~ '^[0-9a-f]{64}$'),
  constraint only_an_unfinished_request_holds_a_lease check ((finished_at is null) = (lease_expires_at is not null)),
  constraint only_a_finished_request_has_a_status check ((finished_at is not null) = (status is not null)),
  constraint only_a_finished_request_has_an_answer
    check (finished_at is not null or (headers is null and body is null)),
  constraint status_is_an_http_status check (status between 100 and 599),
  constraint finished_at_is_not_before_created_at check (finished_at >= created_at),
  constraint expires_at_is_after_created_at check (expires_at > created_at)
);
comment on table resilience.idempotency_keys is 'Requests under an Idempotency-Key, for 24 hours: the first runs, a retry is answered from here.';
comment on column resilience.idempotency_keys.scope is 'The function, its method and the caller: within it a key is unique.';
comment on column resilience.idempotency_keys.run_id is 'Who runs it. A runner that lost its lease to another cannot finish.';
comment on column resilience.idempotency_keys.body is 'The answer''s body; null where it was too large to keep.';

create index idempotency_keys_by_end on resilience.idempotency_keys (expires_at);

alter table resilience.idempotency_keys enable row level security;
revoke all on resilience.idempotency_keys from public, anon, authenticated;
grant select, insert, update, delete on resilience.idempotency_keys to service_role;

-- Claims a key for p_lease_ms, or says how it stands: `run` (it is ours), `done` (with the answer), `running` (somebody
-- else has the lease), `reused` (the key belongs to another request).
create function resilience.begin_idempotent_request(p_scope text, p_key text, p_request_hash text, p_lease_ms integer)
returns table (state text, run_id uuid, status integer, headers jsonb, body bytea, retry_after_ms integer)
language plpgsql
volatile strict
set search_path = ''
as $$
#variable_conflict use_column
declare
  kept resilience.idempotency_keys;
  claimed uuid;
begin
  loop
    insert into resilience.idempotency_keys as kept (scope, key, request_hash, lease_expires_at)
      values (p_scope, p_key, p_request_hash, clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0))
      on conflict (scope, key) do update
        set request_hash = excluded.request_hash, run_id = gen_random_uuid(),
          lease_expires_at = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0),
          status = null, headers = null, body = null, finished_at = null,
          created_at = clock_timestamp(), expires_at = clock_timestamp() + interval '24 hours'
        -- A key that has expired is free; a runner whose lease has is taken for dead, and the same request may run.
        where kept.expires_at <= clock_timestamp()
          or (kept.lease_expires_at <= clock_timestamp() and kept.request_hash = excluded.request_hash)
      returning run_id into claimed;
    if found then
      return query select 'run', claimed, null::integer, null::jsonb, null::bytea, null::integer;
      return;
    end if;
    select k.* into kept from resilience.idempotency_keys k where k.scope = p_scope and k.key = p_key;
    -- Released in between: it is free again.
    continue when not found;
    if kept.request_hash <> p_request_hash then
      return query select 'reused', null::uuid, null::integer, null::jsonb, null::bytea, null::integer;
    elsif kept.finished_at is not null then
      return query select 'done', kept.run_id, kept.status::integer, kept.headers, kept.body, null::integer;
    else
      -- Most requests take far less than their lease: asking again after a second finds them done.
      return query select 'running', null::uuid, null::integer, null::jsonb, null::bytea, least(1000, greatest(1,
        ceil(extract(epoch from kept.lease_expires_at - clock_timestamp()) * 1000)::integer));
    end if;
    return;
  end loop;
end;
$$;
revoke execute on function resilience.begin_idempotent_request(text, text, text, integer) from public;
grant execute on function resilience.begin_idempotent_request(text, text, text, integer) to service_role;

-- Keeps the answer for 24 hours from now. False where another runner has taken over: its answer counts.
create function resilience.finish_idempotent_request(
  p_scope text,
  p_key text,
  p_run_id uuid,
  p_status integer,
  p_headers jsonb,
  p_body bytea
)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  update resilience.idempotency_keys
    set status = p_status, headers = p_headers, body = p_body, lease_expires_at = null,
      finished_at = clock_timestamp(), expires_at = clock_timestamp() + interval '24 hours'
    where scope = p_scope and key = p_key and run_id = p_run_id and finished_at is null;
  return found;
end;
$$;
revoke execute on function resilience.finish_idempotent_request(text, text, uuid, integer, jsonb, bytea) from public;
grant execute on function resilience.finish_idempotent_request(text, text, uuid, integer, jsonb, bytea) to service_role;

-- Gives a key back without an answer, so that a retry runs.
create function resilience.release_idempotent_request(p_scope text, p_key text, p_run_id uuid)
returns boolean
language plpgsql
volatile strict
set search_path = ''
as $$
begin
  delete from resilience.idempotency_keys
    where scope = p_scope and key = p_key and run_id = p_run_id and finished_at is null;
  return found;
end;
$$;
revoke execute on function resilience.release_idempotent_request(text, text, uuid) from public;
grant execute on function resilience.release_idempotent_request(text, text, uuid) to service_role;

-- Deletes keys whose time is over, at most p_max_rows, and says how many there were.
create function resilience.purge_idempotency_keys(p_max_rows integer default 10000)
returns integer
language sql
volatile
set search_path = ''
as $$
  with expired as (
    select scope, key from resilience.idempotency_keys
    where expires_at <= clock_timestamp()
    order by expires_at
    limit p_max_rows
    for update skip locked
  ),
  purged as (
    delete from resilience.idempotency_keys using expired
    where idempotency_keys.scope = expired.scope and idempotency_keys.key = expired.key
    returning 1
  )
  select count(*)::integer from purged;
$$;
revoke execute on function resilience.purge_idempotency_keys(integer) from public;
grant execute on function resilience.purge_idempotency_keys(integer) to service_role;
