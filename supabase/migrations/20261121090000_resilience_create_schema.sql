-- The kernel's own schema: not exposed to the API, reachable for the service alone.
create schema if not exists resilience;
revoke all on schema resilience from public;
grant usage on schema resilience to service_role;
comment on schema resilience is 'Ballast''s resilience layer: limits, keys, leases, circuits, healing. Not exposed to the API.';
