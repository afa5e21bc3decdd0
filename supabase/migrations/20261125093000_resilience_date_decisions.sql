-- When a pattern was approved, rejected or demoted: isolates that go on by what they compiled before look for it.

alter table resilience.healing_patterns add column decided_at timestamptz;
comment on column resilience.healing_patterns.decided_at is 'When it came to its state, where that is a decision: approved, rejected or demoted. Outcomes leave it as it is.';
create index healing_patterns_by_decision on resilience.healing_patterns (decided_at) where decided_at is not null;
