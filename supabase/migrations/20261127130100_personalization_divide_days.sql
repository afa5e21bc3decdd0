-- The one definition of a daypart: by the shopper's clock where they say which, else by UTC.

create function personalization.is_time_zone(p_name text) returns boolean
language plpgsql
stable parallel restricted
set search_path = ''
as $$
begin
  perform now() at time zone p_name;
  return p_name is not null;
exception when invalid_parameter_value then
  return false;
end;
$$;
revoke execute on function personalization.is_time_zone(text) from public;
grant execute on function personalization.is_time_zone(text) to service_role;
comment on function personalization.is_time_zone(text) is 'Whether Postgres knows the time zone: asked once a name, not once an event.';

-- p_time_zone must be one that is_time_zone knows, or null.
create function personalization.daypart(p_at timestamptz, p_time_zone text default null) returns text
language sql
stable parallel safe
set search_path = ''
as $$
  select case
    when h.hour between 5 and 10 then 'morning'
    when h.hour between 11 and 16 then 'midday'
    when h.hour between 17 and 21 then 'evening'
    else 'night'
  end
  from (select extract(hour from p_at at time zone coalesce(p_time_zone, 'UTC'))::integer) h(hour);
$$;
revoke execute on function personalization.daypart(timestamptz, text) from public;
grant execute on function personalization.daypart(timestamptz, text) to service_role;
comment on function personalization.daypart(timestamptz, text) is 'morning (5 to 10), midday (11 to 16), evening (17 to 21) or night.';
