-- Demo data: small, fixed, fake. Applied once, to a database of a developer's or of a preview branch.
-- No users: an account whose password everyone can read here must not reach a real project by accident.
insert into resilience.feature_flags (name, description, is_enabled, rollout_percent, is_public)
values
  ('demo-dark-mode', 'Demo: on for everyone', true, 100, true),
  ('demo-new-checkout', 'Demo: on for a quarter of the shoppers, the same ones each time', true, 25, true),
  ('demo-express-delivery', 'Demo: switched off', false, 50, false)
on conflict (name) do nothing;
