-- What a name tells that nobody wrote down: oat milk is plant-based, unless other words of the name call that off (mild chili is not
-- spicy); and attributes that stand for others: what is vegan is plant-based.

create table personalization.attribute_rules (
  pattern text primary key,
  attribute text not null,
  unless_pattern text,
  constraint pattern_is_bounded check (length(pattern) between 2 and 200),
  constraint attribute_is_a_slug check (attribute ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
);
alter table personalization.attribute_rules enable row level security;
revoke all on personalization.attribute_rules from public, anon, authenticated;
grant select, insert, update, delete on personalization.attribute_rules to service_role;
comment on table personalization.attribute_rules is 'Attributes that a product''s name implies, by regular expressions over it.';
insert into personalization.attribute_rules (pattern, attribute, unless_pattern) values
  ('\m(oat|soy|almond|coconut|rice|hemp|cashew|pea) (milk|drink|yogurt|yoghurt|cream|butter)\M', 'plant-based', null),
  ('\m(plant[- ]based|vegan|tofu|tempeh|seitan)\M', 'plant-based', null),
  ('\m(dairy[- ]free)\M', 'plant-based', null),
  ('\mvegan\M', 'vegan', null),
  ('\m(spicy|chill?i|chill?ies|habanero|jalapeno|sriracha|harissa|kimchi)\M', 'spicy', '\mmild\M'),
  ('\mhot (sauce|pepper|peppers|salsa|paste)\M', 'spicy', null),
  ('\m(organic|bio)\M', 'organic', '\mnon[- ]organic\M'),
  ('\m(gluten[- ]free)\M', 'gluten-free', null),
  ('\m(lactose[- ]free)\M', 'lactose-free', null),
  ('\m(sugar[- ]free|unsweetened)\M', 'sugar-free', null),
  ('\m(whole ?grain|wholemeal)\M', 'whole-grain', null),
  ('\m(free[- ]range|pasture[- ]raised)\M', 'free-range', null),
  ('\mgrass[- ]fed\M', 'grass-fed', null),
  ('\mfrozen\M', 'frozen', null),
  ('\msmoked\M', 'smoked', null);

create table personalization.attribute_implications (
  attribute text not null,
  implied text not null,
  primary key (attribute, implied),
  constraint implied_attribute_is_a_slug check (implied ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and attribute ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint attribute_does_not_imply_itself check (attribute <> implied)
);
alter table personalization.attribute_implications enable row level security;
revoke all on personalization.attribute_implications from public, anon, authenticated;
grant select, insert, update, delete on personalization.attribute_implications to service_role;
comment on table personalization.attribute_implications is 'Attributes that stand for others.';
insert into personalization.attribute_implications (attribute, implied) values
  ('vegan', 'plant-based'), ('vegan', 'dairy-free'), ('vegan', 'vegetarian'), ('hot', 'spicy');
