-- The suite's own housekeeping job. It stands apart from the resilience migrations, which can be lifted without the suite.
insert into resilience.job_schedules (name, cron, function_name, max_gap)
values ('ops-purge', '17 * * * *', 'ops-purge', interval '6 hours')
on conflict (name) do nothing;
