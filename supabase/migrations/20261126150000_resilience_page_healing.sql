-- What people read page by page, the newest first; an index for each way to ask that the tables could not answer at once.
create index healing_events_newest on resilience.healing_events (healed_at desc, id desc);
create index healing_events_by_name on resilience.healing_events (table_schema, table_name, healed_at desc, id desc);
create index healing_events_by_strategy on resilience.healing_events (strategy, healed_at desc, id desc);
create index healing_events_undone on resilience.healing_events (healed_at desc, id desc) where undone_at is not null;
drop index resilience.healing_events_by_age; -- The first of these answers what it did.
create index healing_patterns_newest on resilience.healing_patterns (created_at desc, id desc);
-- Fields stay open for as long as no column takes them, so they are few or many whatever their age.
create index rescued_fields_open_newest on resilience.rescued_fields (rescued_at desc, id desc) where replayed_at is null;
create index dead_letters_newest on resilience.dead_letters (died_at desc, id desc);

-- When a letter is sent again by itself, and how often it was. A try is counted before it is made: a letter whose sending
-- kills its runner is not sent for ever.
alter table resilience.dead_letters
  add column replays integer not null default 0,
  add column next_try_at timestamptz default now() + interval '15 minutes',
  add column tried_schema text,
  add column settle_reason text,
  add constraint replays_are_counted check (replays >= 0),
  add constraint tried_schema_is_a_sha_256 check (tried_schema ~ '^[0-9a-f]{64}$'),
  add constraint only_a_settled_letter_has_a_reason check (settle_reason is null or outcome is not null);
comment on column resilience.dead_letters.replays is 'How often a job has sent it again, or begun to.';
comment on column resilience.dead_letters.next_try_at is 'Null once time alone is no reason to try again: then only another schema is.';
comment on column resilience.dead_letters.tried_schema is 'The schema, by its hash, at the last try of a job.';
create index dead_letters_due on resilience.dead_letters (next_try_at, id) where outcome is null;
