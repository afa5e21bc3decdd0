-- What the batch jobs of learning remember from run to run: which windows are done, and how far they have read.

create table personalization.learning_windows (
  job text not null,
  window_start timestamptz not null,
  finished_at timestamptz not null default now(),
  outcome jsonb not null default '{}',
  primary key (job, window_start),
  constraint learning_job_is_a_name check (job ~ '^[a-z][a-z0-9-]{0,47}$')
);
comment on table personalization.learning_windows is
  'Windows of batch learning that are done: another wake-up within one does nothing. Delete a row to learn again.';

-- Interactions are read by when they arrived, as late ones say they are of the past.
create table personalization.learning_marks (
  name text primary key,
  read_until timestamptz not null
);
comment on table personalization.learning_marks is 'How far batch learning has read what arrived.';

-- What a run works through; empty between runs.
create table personalization.changed_subjects (subject_id uuid primary key);
comment on table personalization.changed_subjects is 'Subjects whose batch-learned rows a run makes anew.';
create table personalization.changed_days (day date primary key);
comment on table personalization.changed_days is 'Days whose counts a run makes anew.';

alter table personalization.learning_windows enable row level security;
revoke all on personalization.learning_windows from public, anon, authenticated;
grant select, insert, update, delete on personalization.learning_windows to service_role;
alter table personalization.learning_marks enable row level security;
revoke all on personalization.learning_marks from public, anon, authenticated;
grant select, insert, update, delete on personalization.learning_marks to service_role;
alter table personalization.changed_subjects enable row level security;
revoke all on personalization.changed_subjects from public, anon, authenticated;
grant select, insert, update, delete on personalization.changed_subjects to service_role;
alter table personalization.changed_days enable row level security;
revoke all on personalization.changed_days from public, anon, authenticated;
grant select, insert, update, delete on personalization.changed_days to service_role;

-- Collects what a run has to do for what arrived after p_from until p_until. Subjects that are due for another look are in it.
create function personalization.collect_changes(p_from timestamptz, p_until timestamptz, p_days integer)
returns table (subjects bigint, days bigint)
language plpgsql
volatile
set search_path = ''
as $$
begin
  delete from personalization.changed_subjects;
  delete from personalization.changed_days;
  insert into personalization.changed_subjects (subject_id)
    select i.subject_id from personalization.interactions i
    where i.received_at > p_from and i.received_at <= p_until
    union
    select s.subject_id from personalization.segments s where s.review_at <= p_until;
  insert into personalization.changed_days (day)
    select distinct (i.occurred_at at time zone 'UTC')::date from personalization.interactions i
    where i.received_at > p_from and i.received_at <= p_until and i.occurred_at <= p_until
      and i.occurred_at >= date_trunc('day', p_until, 'UTC') - make_interval(days => p_days);
  insert into personalization.changed_days (day)
    select distinct (l.shown_at at time zone 'UTC')::date from personalization.shown_lists l
    where l.shown_at > p_from and l.shown_at <= p_until
      and l.shown_at >= date_trunc('day', p_until, 'UTC') - make_interval(days => p_days)
    on conflict do nothing;
  return query select (select count(*) from personalization.changed_subjects), (select count(*) from personalization.changed_days);
end;
$$;
revoke execute on function personalization.collect_changes(timestamptz, timestamptz, integer) from public;
grant execute on function personalization.collect_changes(timestamptz, timestamptz, integer) to service_role;
comment on function personalization.collect_changes(timestamptz, timestamptz, integer) is 'Collects what a run of batch learning has to do.';
