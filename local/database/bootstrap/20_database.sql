-- The database belongs to 'postgres', who may make schemas and trusted extensions in it, as on Supabase.
do $$
begin
  if (select rolsuper from pg_catalog.pg_roles where rolname = current_user)
    and pg_catalog.pg_get_userbyid((select datdba from pg_catalog.pg_database where datname = current_database()))
      = 'supabase_admin'
  then
    execute format('alter database %I owner to postgres', current_database());
  end if;
end
$$;

-- No default privileges follow: since 2026-10-30 a new table is granted to nobody, so every migration says its grants.
do $$
begin
  if exists (
    select
    from (values ('anon'), ('authenticated'), ('service_role')) as role (name)
    where not pg_catalog.has_schema_privilege(role.name, 'public', 'usage')
  ) then
    grant usage on schema public to anon, authenticated, service_role;
  end if;
end
$$;
