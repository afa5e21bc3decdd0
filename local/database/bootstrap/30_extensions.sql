-- The extensions a new Supabase project has. Others (pg_trgm, unaccent, citext) are trusted: a migration that needs
-- one makes it, as it must on Supabase.
do $$
declare
  wanted text;
begin
  if to_regnamespace('extensions') is null then
    create schema extensions;
    grant usage on schema extensions to anon, authenticated, service_role;
    grant all on schema extensions to postgres with grant option;
  end if;
  foreach wanted in array array['pgcrypto', 'uuid-ossp', 'pg_stat_statements'] loop
    if exists (select from pg_catalog.pg_available_extensions where name = wanted and installed_version is null) then
      execute format('create extension %I with schema extensions', wanted);
    end if;
  end loop;
end
$$;
