-- Stands in for the pgmq extension, which the embedded server has not: the functions the adapter calls, with the
-- signatures and the behaviour that pgmq documents (msg_id order, whole seconds, read_ct raised by each read).
create schema pgmq;

create type pgmq.message_record as (
  msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb, headers jsonb
);

create function pgmq.create(queue_name text) returns void language plpgsql as $$
begin
  execute format('create table pgmq.%I (msg_id bigint generated always as identity primary key, read_ct integer not null '
    'default 0, enqueued_at timestamptz not null default now(), vt timestamptz not null, message jsonb, headers jsonb)',
    'q_' || queue_name);
  execute format('create table pgmq.%I (msg_id bigint primary key, read_ct integer not null, enqueued_at timestamptz, '
    'archived_at timestamptz not null default now(), vt timestamptz, message jsonb, headers jsonb)', 'a_' || queue_name);
end $$;

create function pgmq.send_batch(queue_name text, msgs jsonb[], delay integer) returns setof bigint language plpgsql as $$
begin
  return query execute format('insert into pgmq.%I (vt, message) select clock_timestamp() + make_interval(secs => $2), '
    'unnest($1) returning msg_id', 'q_' || queue_name) using msgs, delay;
end $$;

create function pgmq.read(queue_name text, vt integer, qty integer, conditional jsonb default '{}')
returns setof pgmq.message_record language plpgsql as $$
begin
  return query execute format('with picked as (select msg_id from pgmq.%1$I where vt <= clock_timestamp() '
    'order by msg_id limit $1 for update skip locked) '
    'update pgmq.%1$I m set vt = clock_timestamp() + make_interval(secs => $2), read_ct = read_ct + 1 from picked '
    'where m.msg_id = picked.msg_id '
    'returning m.msg_id, m.read_ct, m.enqueued_at, m.vt, m.message, m.headers', 'q_' || queue_name) using qty, vt;
end $$;

create function pgmq.delete(queue_name text, msg_ids bigint[]) returns setof bigint language plpgsql as $$
begin
  return query execute format('delete from pgmq.%I where msg_id = any($1) returning msg_id', 'q_' || queue_name)
    using msg_ids;
end $$;

create function pgmq.delete(queue_name text, msg_id bigint) returns boolean language sql as $$
  select exists (select 1 from pgmq.delete(queue_name, array[msg_id]));
$$;

create function pgmq.archive(queue_name text, msg_ids bigint[]) returns setof bigint language plpgsql as $$
begin
  return query execute format('with gone as (delete from pgmq.%I where msg_id = any($1) returning *) '
    'insert into pgmq.%I (msg_id, read_ct, enqueued_at, vt, message, headers) '
    'select msg_id, read_ct, enqueued_at, vt, message, headers from gone returning msg_id',
    'q_' || queue_name, 'a_' || queue_name) using msg_ids;
end $$;

create function pgmq.set_vt(queue_name text, msg_id bigint, vt integer)
returns setof pgmq.message_record language plpgsql as $$
begin
  return query execute format('update pgmq.%I m set vt = clock_timestamp() + make_interval(secs => $2) where m.msg_id = $1 '
    'returning m.msg_id, m.read_ct, m.enqueued_at, m.vt, m.message, m.headers', 'q_' || queue_name) using msg_id, vt;
end $$;
