-- What a product's name says although nobody has ticked the attribute: "Oat Milk" is plant-based. An attribute may also say
-- another one: what is vegan is plant-based. After a change of rules, `select personalization.describe_products(null)`.
create table personalization.attribute_rules (
  id integer primary key generated always as identity,
  attribute text not null,
  -- A regular expression over the lower-case name, and one that calls it off.
  name_pattern text,
  unless_pattern text,
  implied_by text[] not null default '{}',
  constraint ruled_attribute_is_a_slug check (attribute ~ '^[a-z0-9]([a-z0-9-]{0,78}[a-z0-9])?$'),
  constraint rule_says_when check (name_pattern is not null or cardinality(implied_by) > 0)
);
alter table personalization.attribute_rules enable row level security;
revoke all on personalization.attribute_rules from public, anon, authenticated;
grant select, insert, update, delete on personalization.attribute_rules to service_role;
comment on table personalization.attribute_rules is 'Attributes that names or other attributes stand for.';

insert into personalization.attribute_rules (attribute, name_pattern, unless_pattern, implied_by) values
  ('plant-based',
    '\m(oat|almond|soy|soya|coconut|rice|hemp|cashew|pea|hazelnut|macadamia) (milk|drink|yogh?urt|cream|cheese|butter|creamer)\M|\m(tofu|tempeh|seitan|vegan|meatless|dairy[- ]free|plant[- ]based)\M',
    null, array['vegan', 'plant-based']),
  ('dairy-free', '\m(dairy|lactose)[- ]free\M|\m(oat|almond|soy|soya|coconut|rice|hemp|cashew|pea) (milk|drink|yogh?urt|cream|cheese)\M',
    null, array['vegan']),
  ('vegan', '\mvegan\M', null, '{}'),
  ('vegetarian', '\m(vegetarian|veggie)\M', null, array['vegan']),
  ('organic', '\m(organic|bio|demeter)\M', '\mnon[- ]organic\M', '{}'),
  ('gluten-free', '\mgluten[- ]free\M', null, '{}'),
  ('sugar-free', '\m(sugar[- ]free|unsweetened|no (added )?sugar)\M', null, '{}'),
  ('spicy', '\m(spicy|chill?i|chill?ies|habanero|jalapeno|sriracha|harissa|hot sauce|kimchi)\M', '\mmild\M', array['hot']),
  ('whole-grain', '\m(whole[- ]?(grain|wheat|meal))\M', null, '{}'),
  ('raw', '\mraw\M', null, '{}'),
  ('free-range', '\m(free[- ]range|pasture[- ]raised|pastured)\M', null, '{}'),
  ('grass-fed', '\mgrass[- ]fed\M', null, '{}'),
  ('frozen', '\mfrozen\M', null, '{}'),
  ('smoked', '\msmoked\M', null, '{}');
