-- What shoppers said goes along when their profile is exported, erased or merged. Of a session's word and the user's own about
-- the same product, the user's stands.
insert into personalization.subject_tables (table_schema, table_name, subject_column, on_merge, is_exported) values
  ('recommendations', 'dismissals', 'subject_id', 'move', true),
  ('recommendations', 'praises', 'subject_id', 'move', true)
on conflict (table_schema, table_name) do nothing;
