-- The roles that Supabase's API and functions run under. Cluster-wide, so each is made only where it is missing.
do $$
declare
  wanted record;
begin
  for wanted in
    select *
    from (values
      ('anon', 'nologin noinherit'),
      ('authenticated', 'nologin noinherit'),
      ('service_role', 'nologin noinherit bypassrls'),
      ('authenticator', 'login noinherit password ''postgres'''),
      -- Not a superuser, exactly as on Supabase: what a migration may not do there fails here too.
      ('postgres', 'login createdb createrole replication bypassrls password ''postgres''')
    ) as role (name, attributes)
  loop
    if not exists (select from pg_catalog.pg_roles where rolname = wanted.name) then
      execute format('create role %I %s', wanted.name, wanted.attributes);
      if wanted.name = 'postgres' then
        alter role postgres set search_path = "$user", public, extensions;
      end if;
    end if;
  end loop;
end
$$;

do $$
declare
  wanted record;
begin
  for wanted in
    select api.name as granted, member.name as member, member.option
    from (values ('anon'), ('authenticated'), ('service_role')) as api (name)
    cross join (values ('authenticator', ''), ('postgres', 'with admin option')) as member (name, option)
    union all
    select 'authenticator', 'postgres', 'with admin option'
    union all
    select monitor.name, 'postgres', 'with admin option'
    from (values ('pg_monitor'), ('pg_read_all_data'), ('pg_signal_backend')) as monitor (name)
  loop
    if not exists (
      select
      from pg_catalog.pg_auth_members as membership
      join pg_catalog.pg_roles as granted on granted.oid = membership.roleid
      join pg_catalog.pg_roles as member on member.oid = membership.member
      where granted.rolname = wanted.granted and member.rolname = wanted.member
    ) and not (select rolsuper from pg_catalog.pg_roles where rolname = wanted.member)
    then
      execute format('grant %I to %I %s', wanted.granted, wanted.member, wanted.option);
    end if;
  end loop;
end
$$;
