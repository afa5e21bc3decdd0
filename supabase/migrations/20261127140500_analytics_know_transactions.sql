-- Which transaction stored an event: a sink that has sent all that a snapshot sees knows by it exactly what came since, however
-- late a transaction committed. Times cannot tell that: an event stored a second ago may become visible after one stored now.
-- Costs the hot path nothing that could be measured; docs/decisions/event-sink.md has the figures.
alter table personalization.interactions add column tx xid8;
alter table personalization.interactions alter column tx set default pg_current_xact_id();
create index interactions_by_transaction on personalization.interactions (tx);
comment on column personalization.interactions.tx is 'The transaction that stored the event. Null: before anybody asked.';
