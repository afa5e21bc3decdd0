-- What an advisor was asked about keys that no column has. Whoever inserts a question's row may ask it; nobody else does.

create table resilience.ai_questions (
  table_oid bigint not null,
  schema_hash text not null,
  key_shape text not null,
  asked_at timestamptz not null default clock_timestamp(),
  primary key (table_oid, schema_hash, key_shape),
  constraint schema_hash_is_a_sha_256 check (schema_hash ~ '^[0-9a-f]{64}$'),
  constraint key_shape_is_a_sha_256 check (key_shape ~ '^[0-9a-f]{64}$')
);
comment on table resilience.ai_questions is 'Each question that the fleet has put to an advisor: once a table, schema version and set of keys.';
comment on column resilience.ai_questions.key_shape is 'The payload''s keys as a hash: what callers send is not kept here.';
create index ai_questions_by_age on resilience.ai_questions (asked_at);

alter table resilience.ai_questions enable row level security;
revoke all on resilience.ai_questions from public, anon, authenticated;
grant select, insert, delete on resilience.ai_questions to service_role;
