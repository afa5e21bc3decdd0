-- The face of Supabase's vault without its encryption: names, signatures and rights are the same, secrets lie in clear
-- on the developer's own machine.
do $outer$
begin
  if to_regnamespace('vault') is not null then
    return;
  end if;
  create schema vault;
  revoke all on schema vault from public;

  create table vault.secrets (
    id uuid primary key default gen_random_uuid(),
    name text,
    description text not null default '',
    secret text not null,
    key_id uuid,
    nonce bytea,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  create unique index secrets_name_idx on vault.secrets (name) where name is not null;
  alter table vault.secrets enable row level security;

  create view vault.decrypted_secrets with (security_barrier = true) as
    select id, name, description, secret, secret as decrypted_secret, key_id, nonce, created_at, updated_at
    from vault.secrets;

  create function vault.create_secret(
    new_secret text,
    new_name text default null,
    new_description text default '',
    new_key_id uuid default null
  ) returns uuid language sql volatile security definer set search_path = '' as $$
    insert into vault.secrets (secret, name, description, key_id)
    values (new_secret, new_name, coalesce(new_description, ''), new_key_id)
    returning id
  $$;

  create function vault.update_secret(
    secret_id uuid,
    new_secret text default null,
    new_name text default null,
    new_description text default null,
    new_key_id uuid default null
  ) returns void language sql volatile security definer set search_path = '' as $$
    update vault.secrets
    set secret = coalesce(new_secret, secret),
      name = coalesce(new_name, name),
      description = coalesce(new_description, description),
      key_id = coalesce(new_key_id, key_id),
      updated_at = now()
    where id = secret_id
  $$;

  revoke all on function vault.create_secret(text, text, text, uuid) from public;
  revoke all on function vault.update_secret(uuid, text, text, text, uuid) from public;
  grant usage on schema vault to postgres with grant option;
  grant usage on schema vault to service_role;
  grant select, delete, truncate, references on vault.secrets, vault.decrypted_secrets to postgres with grant option;
  grant select, delete on vault.secrets, vault.decrypted_secrets to service_role;
  grant execute on function vault.create_secret(text, text, text, uuid) to postgres with grant option;
  grant execute on function vault.update_secret(uuid, text, text, text, uuid) to postgres with grant option;
  grant execute on function vault.create_secret(text, text, text, uuid) to service_role;
  grant execute on function vault.update_secret(uuid, text, text, text, uuid) to service_role;
end
$outer$;
