-- Popular queries and words are found anew every hour.
insert into resilience.job_schedules (name, cron, function_name, lease_seconds, max_gap) values
  ('search-refresh', '17 * * * *', 'search-refresh', 120, interval '6 hours')
on conflict (name) do nothing;
