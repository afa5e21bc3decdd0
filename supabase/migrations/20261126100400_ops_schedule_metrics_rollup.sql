-- The suite's own job over what isolates measured; how long it is kept is said here. The job keeps minutes for two days and
-- hours for three at least, whatever stands here: isolates may write a day late.
insert into resilience.job_schedules (name, cron, function_name, payload, max_gap)
values ('metrics-rollup', '* * * * *', 'metrics-rollup',
  '{"minuteDays": 2, "hourDays": 35, "dayDays": 400, "slowDays": 30}', interval '15 minutes')
on conflict (name) do nothing;
