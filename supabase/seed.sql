-- Demo data: small, fixed, fake. Applied once, to a database of a developer's or of a preview branch.
-- No users: an account whose password everyone can read here must not reach a real project by accident.
insert into resilience.feature_flags (name, description, is_enabled, rollout_percent, is_public)
values
  ('demo-dark-mode', 'Demo: on for everyone', true, 100, true),
  ('demo-new-checkout', 'Demo: on for a quarter of the shoppers, the same ones each time', true, 25, true),
  ('demo-express-delivery', 'Demo: switched off', false, 50, false)
on conflict (name) do nothing;

-- A market of two vendors. `deno task seed` makes larger ones.
insert into public.vendors (id, slug, name, kind, region) values
  ('5eed0000-0001-4000-8000-000000000001', 'brookside-farm', 'Brookside Farm', 'farm', 'north'),
  ('5eed0000-0001-4000-8000-000000000002', 'corner-shop', 'The Corner Shop', 'shop', 'north')
on conflict do nothing;
insert into public.categories (slug, name) values ('food', 'Food') on conflict (slug) do nothing;
insert into public.categories (slug, name, parent_id)
select leaf.slug, leaf.name, c.id
from (values ('milk', 'Milk'), ('yogurt', 'Yogurt'), ('chips', 'Chips'), ('vegetables', 'Vegetables')) leaf(slug, name), public.categories c
where c.slug = 'food'
on conflict (slug) do nothing;
insert into public.products (vendor_id, category_id, sku, name, brand, attributes, price, unit, stock)
select v.id, c.id, p.sku, p.name, p.brand, p.attributes, p.price, p.unit, 50
from (values
  ('brookside-farm', 'milk', 'B-1', 'Whole Milk', 'Brookside', array['local'], 1.40, 'l'),
  ('brookside-farm', 'milk', 'B-2', 'Oat Milk', 'Brookside', array['plant-based', 'vegan'], 1.90, 'l'),
  ('brookside-farm', 'yogurt', 'B-3', 'Meadow Yogurt', 'Brookside', array['organic', 'local'], 1.20, 'g'),
  ('brookside-farm', 'yogurt', 'B-4', 'Coconut Yogurt', 'Brookside', array['plant-based', 'vegan'], 1.80, 'g'),
  ('brookside-farm', 'vegetables', 'B-5', 'Farm Carrots', 'Brookside', array['organic', 'local'], 2.10, 'kg'),
  ('corner-shop', 'chips', 'C-1', 'Original Chips', 'Krunch', array[]::text[], 1.60, 'g'),
  ('corner-shop', 'chips', 'C-2', 'Spicy Chili Chips', 'Krunch', array['spicy'], 1.70, 'g'),
  ('corner-shop', 'milk', 'C-3', 'Skimmed Milk', 'Daily', array['low-fat'], 1.10, 'l')
) p(vendor, category, sku, name, brand, attributes, price, unit)
join public.vendors v on v.slug = p.vendor
join public.categories c on c.slug = p.category
on conflict do nothing;
