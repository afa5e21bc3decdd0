-- Batch learning. A run that hands over goes on at the next wake-up, so both wake often; a wake-up within a window that is done
-- does nothing.
insert into resilience.job_schedules (name, cron, function_name, lease_seconds, max_gap) values
  ('personalization-hourly', '*/5 * * * *', 'personalization-hourly', 180, interval '3 hours'),
  ('personalization-daily', '* 1-7 * * *', 'personalization-daily', 180, interval '30 hours')
on conflict (name) do nothing;
