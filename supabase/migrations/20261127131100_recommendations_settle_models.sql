-- Keeps what a block came to, and tells whether a version may go live.

-- p_lists: [{"no": 1, "items": [2, 3], "weights": [0.2, 0.1]}], by the numbers of the training.
create function recommendations.keep_neighbours(p_version bigint, p_lists jsonb) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_count integer;
begin
  insert into recommendations.neighbours (version, product_id, neighbour_ids, weights)
  select p_version, m.product_id, n.ids, n.weights
  from jsonb_to_recordset(p_lists) l(no integer, items integer[], weights real[])
  join recommendations.model_items m on m.version = p_version and m.no = l.no
  cross join lateral (
    select array_agg(o.product_id order by u.place) as ids, array_agg(u.weight order by u.place) as weights
    from unnest(l.items, l.weights) with ordinality u(no, weight, place)
    join recommendations.model_items o on o.version = p_version and o.no = u.no
    -- A product may have gone while the training ran.
    where exists (select 1 from public.products p where p.id = o.product_id)
  ) n
  where n.ids is not null and exists (select 1 from public.products p where p.id = m.product_id)
  on conflict (version, product_id) do update set neighbour_ids = excluded.neighbour_ids, weights = excluded.weights;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function recommendations.keep_neighbours(bigint, jsonb) from public;
grant execute on function recommendations.keep_neighbours(bigint, jsonb) to service_role;
comment on function recommendations.keep_neighbours(bigint, jsonb) is
  'Keeps lists of neighbours of a version in training.';

-- Where a model would have shown what the cases p_from up to p_to of a training's test wanted; null: not among the first ten.
create function recommendations.judge_model(p_version bigint, p_model bigint, p_from integer, p_to integer)
returns table (no integer, wanted_at timestamptz, place integer)
language sql
stable
set search_path = ''
as $$
  with cases as materialized (
    select c.no, c.history, c.weights, c.wanted, c.wanted_at from recommendations.model_cases c
    where c.version = p_version and c.part = 'test' and c.no >= p_from and c.no < p_to
  ), scored as (
    select c.no, o.product_id, sum(h.weight * o.weight) as score
    from cases c
    cross join lateral unnest(c.history, c.weights) h(product_id, weight)
    join recommendations.neighbours n on n.version = p_model and n.product_id = h.product_id
    cross join lateral unnest(n.neighbour_ids, n.weights) o(product_id, weight)
    where o.product_id <> all (c.history)
    group by c.no, o.product_id
  ), ranked as (
    select s.no, s.product_id, row_number() over (partition by s.no order by s.score desc, s.product_id) as place from scored s
  )
  select c.no, c.wanted_at, r.place::integer
  from cases c left join ranked r on r.no = c.no and r.product_id = c.wanted and r.place <= 10;
$$;
revoke execute on function recommendations.judge_model(bigint, bigint, integer, integer) from public;
grant execute on function recommendations.judge_model(bigint, bigint, integer, integer) to service_role;
comment on function recommendations.judge_model(bigint, bigint, integer, integer) is
  'Where a model would have shown what was wanted.';

-- The same of popularity: what most subjects of the training wanted, without what one has.
create function recommendations.judge_popularity(p_version bigint, p_from integer, p_to integer)
returns table (no integer, wanted_at timestamptz, place integer)
language sql
stable
set search_path = ''
as $$
  with famous as materialized (
    select m.product_id, row_number() over (order by m.subjects desc, m.product_id) as rank
    from recommendations.model_items m where m.version = p_version
    order by m.subjects desc, m.product_id limit 400
  )
  select c.no, c.wanted_at, (
    select t.place::integer from (
      select f.product_id, row_number() over (order by f.rank) as place from famous f where f.product_id <> all (c.history)
    ) t
    where t.product_id = c.wanted and t.place <= 10)
  from recommendations.model_cases c
  where c.version = p_version and c.part = 'test' and c.no >= p_from and c.no < p_to;
$$;
revoke execute on function recommendations.judge_popularity(bigint, integer, integer) from public;
grant execute on function recommendations.judge_popularity(bigint, integer, integer) to service_role;
comment on function recommendations.judge_popularity(bigint, integer, integer) is
  'Where popularity would have shown what was wanted.';

-- Ends a training in one step: the version goes live and the one before is retired, or it is rejected. Of versions that are over
-- the last live one keeps its neighbours, to go back to.
create function recommendations.settle_model(p_version bigint, p_is_good boolean, p_metrics jsonb) returns text
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_status text;
begin
  perform 1 from recommendations.item_models m where m.status = 'active' for update;
  select m.status into v_status from recommendations.item_models m where m.version = p_version for update;
  if v_status is distinct from 'training' then
    raise exception 'Cannot settle version % of the model as it is not in training: current status is %', p_version, v_status
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  if p_is_good then
    update recommendations.item_models m set status = 'retired' where m.status = 'active';
    update recommendations.item_models m set status = 'active', activated_at = now(), metrics = p_metrics where m.version = p_version;
  else
    update recommendations.item_models m set status = 'rejected', metrics = p_metrics where m.version = p_version;
  end if;
  delete from recommendations.neighbours n
  where n.version in (select m.version from recommendations.item_models m where m.status in ('rejected', 'retired'))
    and n.version is distinct from
      (select max(m.version) from recommendations.item_models m where m.status = 'retired');
  delete from recommendations.model_items m where m.version = p_version;
  delete from recommendations.model_histories m where m.version = p_version;
  delete from recommendations.model_cases m where m.version = p_version;
  delete from recommendations.model_blocks m where m.version = p_version;
  return case when p_is_good then 'active' else 'rejected' end;
end;
$$;
revoke execute on function recommendations.settle_model(bigint, boolean, jsonb) from public;
grant execute on function recommendations.settle_model(bigint, boolean, jsonb) to service_role;
comment on function recommendations.settle_model(bigint, boolean, jsonb) is
  'Takes a version live, or rejects it.';
