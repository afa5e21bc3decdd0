-- A repetition of more than 255 is no regular expression of Postgres: as it was written, the check refused every reference.
alter table resilience.kernel_events drop constraint if exists references_have_a_kind;
alter table resilience.kernel_events add constraint references_have_a_kind
  check (ref ~ '^[a-z]+:.' and length(ref) <= 432 and cause ~ '^[a-z]+:.' and length(cause) <= 432);
