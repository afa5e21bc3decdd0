-- The words by which a model is asked what keys mean: they were fixed, and become a prompt like others, so that there can be
-- versions with examples. The code has the same words to fall back on.
insert into resilience.prompts (name, system, template, variables, model, max_tokens, is_active, is_public, created_by) values (
  'map-columns',
  $system$You match keys of a payload to columns of a database table.
You get a question as JSON: the table, its free columns with their types, and keys that no column has, with the shapes of their
values. Say for a key which column it means only where its name and its values leave no reasonable doubt: an abbreviation, a
synonym, another language, another spelling. Leave out every other key. A wrong match is worse than none.
Name only keys of the question and columns of its list, each at most once.
"confidence" is how likely you are right, from 0 to 1; "reason" is one short sentence.$system$,
  '{{question}}',
  '{"question": {"type": "json", "maxLength": 100000}}',
  'fast', 2000, true, false, 'migration'
);
