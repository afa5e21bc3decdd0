-- What a training of the item-item model works on. Rows are numbered, name no subject, and go when the training ends.

create table recommendations.model_items (
  version bigint not null references recommendations.item_models (version) on delete cascade,
  no integer not null,
  product_id uuid not null,
  subjects integer not null,
  ties integer[] not null default '{}',
  tie_weights real[] not null default '{}',
  primary key (version, no),
  constraint model_knows_a_product_once unique (version, product_id),
  constraint each_tie_has_a_weight check (cardinality(ties) = cardinality(tie_weights))
);
comment on table recommendations.model_items is 'Products of a training, in the order of their categories.';

create table recommendations.model_histories (
  version bigint not null references recommendations.item_models (version) on delete cascade,
  no integer not null,
  -- Big-endian integers and floats: a training of a hundred thousand products reads them in one go.
  items bytea not null,
  weights bytea not null,
  primary key (version, no),
  constraint each_item_has_a_weight check (length(items) = length(weights))
);
comment on table recommendations.model_histories is 'What each subject wanted, in the order of time.';

create table recommendations.model_cases (
  version bigint not null references recommendations.item_models (version) on delete cascade,
  no integer not null,
  part text not null,
  history uuid[] not null,
  weights real[] not null,
  wanted uuid not null,
  wanted_at timestamptz not null,
  primary key (version, no),
  constraint case_part_is_known check (part in ('validation', 'test'))
);
comment on table recommendations.model_cases is 'What was kept from training: what some subjects wanted last.';

create table recommendations.model_blocks (
  version bigint not null references recommendations.item_models (version) on delete cascade,
  no integer not null,
  items integer[] not null,
  subjects bigint not null,
  primary key (version, no)
);
comment on table recommendations.model_blocks is 'Items that are solved together.';

alter table recommendations.model_items enable row level security;
revoke all on recommendations.model_items from public, anon, authenticated;
grant select, insert, update, delete on recommendations.model_items to service_role;
alter table recommendations.model_histories enable row level security;
revoke all on recommendations.model_histories from public, anon, authenticated;
grant select, insert, update, delete on recommendations.model_histories to service_role;
alter table recommendations.model_cases enable row level security;
revoke all on recommendations.model_cases from public, anon, authenticated;
grant select, insert, update, delete on recommendations.model_cases to service_role;
alter table recommendations.model_blocks enable row level security;
revoke all on recommendations.model_blocks from public, anon, authenticated;
grant select, insert, update, delete on recommendations.model_blocks to service_role;

-- Opens a version. One that was left in training is over: at most one runner trains.
create function recommendations.open_model(p_settings jsonb, p_until timestamptz) returns bigint
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_version bigint;
begin
  update recommendations.item_models m set status = 'rejected', metrics = m.metrics || '{"reason": "abandoned"}' where m.status = 'training';
  delete from recommendations.model_items;
  delete from recommendations.model_histories;
  delete from recommendations.model_cases;
  delete from recommendations.model_blocks;
  insert into recommendations.item_models (settings, started_at) values (p_settings, p_until) returning version into v_version;
  return v_version;
end;
$$;
revoke execute on function recommendations.open_model(jsonb, timestamptz) from public;
grant execute on function recommendations.open_model(jsonb, timestamptz) to service_role;
comment on function recommendations.open_model(jsonb, timestamptz) is
  'Opens a version of the item-item model for training.';

-- Numbers the products that at least two subjects wanted, kin side by side; of too many the most wanted ones.
create function recommendations.gather_model_items(
  p_version bigint,
  p_until timestamptz,
  p_days integer,
  p_most integer
) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_count integer;
begin
  with recursive tree as (
    select c.id, array[c.slug] as path from public.categories c where c.parent_id is null
    union all
    select c.id, t.path || c.slug from public.categories c join tree t on c.parent_id = t.id
    where cardinality(t.path) < 20
  ), wanted as (
    select once.product_id, count(*) as subjects
    from (
      select distinct i.product_id, i.subject_id
      from personalization.interactions i
      where i.occurred_at > p_until - make_interval(days => p_days) and i.occurred_at <= p_until and i.received_at <= p_until
        and i.strength > 0 and i.product_id is not null
    ) once
    group by once.product_id
    having count(*) >= 2
  ), chosen as (
    select w.product_id, w.subjects, t.path
    from wanted w
    join public.products p on p.id = w.product_id and p.status = 'active'
    left join tree t on t.id = p.category_id
    order by w.subjects desc, w.product_id
    limit p_most
  )
  insert into recommendations.model_items (version, no, product_id, subjects)
  select p_version, row_number() over (order by c.path, c.product_id) - 1, c.product_id, c.subjects from chosen c;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function recommendations.gather_model_items(bigint, timestamptz, integer, integer) from public;
grant execute on function recommendations.gather_model_items(bigint, timestamptz, integer, integer) to service_role;
comment on function recommendations.gather_model_items(bigint, timestamptz, integer, integer) is
  'Numbers the products of a training.';

-- Packs what subjects wanted. Of one in ten with at least five products, what they wanted last is kept from training and
-- becomes a case, for validation or for the test.
create function recommendations.gather_model_histories(
  p_version bigint,
  p_subjects uuid[],
  p_until timestamptz,
  p_days integer,
  p_most integer,
  p_first_no integer
) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_count integer;
begin
  with wanted as (
    select i.subject_id, i.product_id, least(sum(i.strength), 1)::real as weight, max(i.occurred_at) as last_at
    from personalization.interactions i
    join personalization.subjects s on s.id = i.subject_id and s.opted_out_at is null
    where i.subject_id = any (p_subjects) and i.product_id is not null and i.strength <> 0
      and i.occurred_at > p_until - make_interval(days => p_days) and i.occurred_at <= p_until and i.received_at <= p_until
    group by i.subject_id, i.product_id
    having sum(i.strength) > 0
  ), ranked as (
    select w.*, m.no, row_number() over (partition by w.subject_id order by w.last_at desc, m.no) as newest,
      count(*) over (partition by w.subject_id) as size, get_byte(uuid_send(w.subject_id), 15) as lot
    from wanted w join recommendations.model_items m on m.version = p_version and m.product_id = w.product_id
  ), parted as (
    select r.*, r.lot % 10 = 0 and r.size >= 5 as is_case from ranked r where r.newest <= p_most
  ), numbered as (
    select n.subject_id, p_first_no - 1 + row_number() over (order by n.subject_id) as no
    from (select distinct p.subject_id from parted p) n
  ), cases as (
    insert into recommendations.model_cases (version, no, part, history, weights, wanted, wanted_at)
    select p_version, n.no, case when min(p.lot) / 10 % 2 = 0 then 'test' else 'validation' end,
      array_agg(p.product_id order by p.last_at, p.no) filter (where p.newest > 1),
      array_agg(p.weight order by p.last_at, p.no) filter (where p.newest > 1),
      (array_agg(p.product_id) filter (where p.newest = 1))[1], max(p.last_at)
    from parted p join numbered n using (subject_id)
    where p.is_case
    group by n.no
  )
  insert into recommendations.model_histories (version, no, items, weights)
  select p_version, n.no, string_agg(int4send(p.no), ''::bytea order by p.last_at, p.no),
    string_agg(float4send(p.weight), ''::bytea order by p.last_at, p.no)
  from parted p join numbered n using (subject_id)
  where not (p.is_case and p.newest = 1)
  group by n.no;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function recommendations.gather_model_histories(bigint, uuid[], timestamptz, integer, integer, integer) from public;
grant execute on function recommendations.gather_model_histories(bigint, uuid[], timestamptz, integer, integer, integer) to service_role;
comment on function recommendations.gather_model_histories(bigint, uuid[], timestamptz, integer, integer, integer) is
  'Packs what subjects wanted for a training.';
