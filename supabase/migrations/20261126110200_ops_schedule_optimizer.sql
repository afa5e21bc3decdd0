-- The optimizer looks for what to change once a week, and looks after what is on trial each ten minutes.
insert into resilience.job_schedules (name, cron, function_name, max_gap)
values
  ('self-optimizer', '40 3 * * 1', 'self-optimizer', interval '15 days'),
  ('self-optimizer-watch', '*/10 * * * *', 'self-optimizer', interval '2 hours')
on conflict (name) do nothing;
