-- The jobs that look after the schema's history and after what healing set aside.
insert into resilience.job_schedules (name, cron, function_name, lease_seconds, max_gap) values
  ('schema-monitor', '*/5 * * * *', 'schema-monitor', 60, interval '30 minutes'),
  ('healing-replay', '*/15 * * * *', 'healing-replay', 120, interval '2 hours')
on conflict (name) do nothing;
