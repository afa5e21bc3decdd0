-- What batch jobs learn of subjects is theirs: it is exported, erased and merged with the rest of their profile.
insert into personalization.subject_tables (table_schema, table_name, subject_column, on_merge, is_exported) values
  ('personalization', 'segments', 'subject_id', 'move', true),
  ('personalization', 'time_patterns', 'subject_id', 'move', true),
  ('personalization', 'preference_changes', 'subject_id', 'move', true),
  ('personalization', 'price_sensitivities', 'subject_id', 'move', true),
  ('personalization', 'changed_subjects', 'subject_id', 'drop', false)
on conflict (table_schema, table_name) do nothing;
