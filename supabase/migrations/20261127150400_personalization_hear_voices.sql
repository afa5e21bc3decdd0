-- Whose word counts in what others are shown, and how much: a user's whole, a session's a quarter, as sessions cost nothing to make up;
-- nobody's who opted out, is over or gone, or is one of too many.
create view personalization.voices as
  select s.id as subject_id, case when s.is_session then 0.25 else 1 end::real as weight
  from personalization.subjects s
  where s.opted_out_at is null and s.deleted_at is null and s.merged_into is null and s.is_doubted is not true;
revoke all on personalization.voices from public, anon, authenticated;
grant select on personalization.voices to service_role;
comment on view personalization.voices is 'Whose word counts for others, and how much.';

-- The favourites of a kind of segments ('everyone', 'behaviour', 'taste') of the last 30 days: what most of its subjects wanted,
-- and that as many as p_support users did, so that nobody is shown a single somebody's taste. By the market's
-- weights: what a vendor makes of clicks on their own products is between them and who clicked.
create or replace function personalization.learn_favourites(p_kind text, p_until timestamptz, p_support integer) returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from personalization.segment_favourites f where f.segment = p_kind or starts_with(f.segment, p_kind || ':');
  insert into personalization.segment_favourites (segment, product_id, score, subjects, updated_at)
  select r.segment, r.product_id, r.score, r.subjects, p_until
  from (
    select w.segment, w.product_id, sum(w.want * w.voice) as score, count(*) as subjects,
      row_number() over (partition by w.segment order by sum(w.want * w.voice) desc, w.product_id) as place
    from (
      select case p_kind when 'everyone' then 'everyone' when 'behaviour' then 'behaviour:' || g.behaviour else 'taste:' || g.taste end
        as segment, i.product_id, i.subject_id, least(sum(coalesce(m.weight, i.strength)), 1) as want, v.weight as voice
      from personalization.interactions i join personalization.segments g on g.subject_id = i.subject_id
      join personalization.voices v on v.subject_id = i.subject_id
      left join personalization.signal_weights_now m on m.signal = i.signal and m.vendor_id = '00000000-0000-0000-0000-000000000000'
      where i.occurred_at > p_until - interval '30 days' and i.occurred_at <= p_until and i.received_at <= p_until
        and i.product_id is not null and (p_kind <> 'taste' or g.taste is not null)
      group by 1, i.product_id, i.subject_id, v.weight
      having sum(coalesce(m.weight, i.strength)) > 0
    ) w
    join public.products p on p.id = w.product_id and p.status = 'active'
    group by w.segment, w.product_id
    having sum(w.voice) >= p_support
  ) r
  where r.place <= 50;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function personalization.learn_favourites(text, timestamptz, integer) from public;
grant execute on function personalization.learn_favourites(text, timestamptz, integer) to service_role;
comment on function personalization.learn_favourites(text, timestamptz, integer) is
  'Makes the favourites of a kind of segments anew.';

-- Numbers the products that at least two users wanted, or eight sessions, kin side by side; of too many the most wanted ones.
create or replace function recommendations.gather_model_items(
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
      select distinct i.product_id, i.subject_id, v.weight
      from personalization.interactions i join personalization.voices v on v.subject_id = i.subject_id
      where i.occurred_at > p_until - make_interval(days => p_days) and i.occurred_at <= p_until and i.received_at <= p_until
        and i.strength > 0 and i.product_id is not null
    ) once
    group by once.product_id
    having sum(once.weight) >= 2
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
-- becomes a case, for validation or for the test. The model works with products of weights, so a voice counts by its root.
create or replace function recommendations.gather_model_histories(
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
    select i.subject_id, i.product_id, (least(sum(coalesce(m.weight, i.strength)), 1) * sqrt(v.weight))::real as weight, max(i.occurred_at) as last_at
    from personalization.interactions i
    join personalization.voices v on v.subject_id = i.subject_id
    left join personalization.signal_weights_now m on m.signal = i.signal and m.vendor_id = '00000000-0000-0000-0000-000000000000'
    where i.subject_id = any (p_subjects) and i.product_id is not null and i.strength <> 0
      and i.occurred_at > p_until - make_interval(days => p_days) and i.occurred_at <= p_until and i.received_at <= p_until
    group by i.subject_id, i.product_id, v.weight
    having sum(coalesce(m.weight, i.strength)) > 0
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
