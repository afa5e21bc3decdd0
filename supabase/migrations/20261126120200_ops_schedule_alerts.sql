-- Each minute: what is wrong by now, and who has not heard of it yet.
insert into resilience.job_schedules (name, cron, function_name, lease_seconds, max_gap)
values ('alerts-dispatch', '* * * * *', 'alerts-dispatch', 60, interval '10 minutes')
on conflict (name) do nothing;
