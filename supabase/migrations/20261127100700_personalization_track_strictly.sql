-- Tracking, with what erasure and single events ask of it: what a shopper had erased does not come back with an event that was
-- still on its way, and an event that is alone and cannot count leaves nothing behind, not even the subject's row.
alter table personalization.subjects add column forgotten_at timestamptz;
comment on column personalization.subjects.forgotten_at is 'When the subject had everything erased: events from before are ignored.';

-- A running mean that a replay must come to as well: nine digits of it, not seven.
alter table personalization.habits alter column usual_quantity type double precision;

