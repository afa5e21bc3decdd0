-- Whatever is cached under the tag `schema` goes, in all isolates, when a new version of the schema has been recorded:
-- answers whose shape follows the tables need no watcher of their own.
create function resilience.drop_schema_tag() returns trigger
language plpgsql
volatile security definer
set search_path = ''
as $$
begin
  perform resilience.drop_cache_tag('schema');
  return null;
end;
$$;
revoke execute on function resilience.drop_schema_tag() from public;
create trigger drop_schema_tag after insert on resilience.schema_versions
  for each statement execute function resilience.drop_schema_tag();
comment on function resilience.drop_schema_tag() is 'Drops what caches hold under the tag schema.';
