-- What came of rows: by kind, model and arm of an experiment, how many products were shown, clicked, and bought within
-- seven days. An event counts for the row that it names, once a product, and where the row was its shopper's own.
create or replace function recommendations.count_outcomes(p_since timestamptz, p_until timestamptz)
returns table (
  kind text, model bigint, arm text, lists bigint, shown bigint, clicked bigint, bought bigint, dismissed bigint, helpful bigint
)
language sql
stable
set search_path = ''
as $$
  with lists as (
    select l.id, l.subject_id, l.kind, (l.made_by ->> 'model')::bigint as model, l.made_by ->> 'arm' as arm, l.shown_at, l.product_ids
    from personalization.shown_lists l
    where l.source = 'recommendations' and l.shown_at >= p_since and l.shown_at < p_until
  ), followed as (
    select l.id,
      count(distinct i.product_id) filter (where i.signal in ('click', 'view_details')) as clicked,
      count(distinct i.product_id) filter (
        where i.signal in ('purchase', 'repeat_purchase', 'bulk_purchase', 'subscription')) as bought
    from lists l
    join personalization.interactions i on i.list_id = l.id and i.product_id = any (l.product_ids)
      and (l.subject_id is null or l.subject_id = i.subject_id)
    where i.occurred_at >= p_since - interval '1 day' and i.occurred_at < least(p_until + interval '7 days', now() + interval '1 day')
      and i.occurred_at < l.shown_at + interval '7 days' and i.list_id is not null
    group by l.id
  ), refused as (
    select d.list_id, count(*) as dismissed from recommendations.dismissals d join lists l on l.id = d.list_id group by d.list_id
  ), praised as (
    select p.list_id, count(*) as helpful from recommendations.praises p join lists l on l.id = p.list_id group by p.list_id
  )
  select l.kind, l.model, l.arm, count(*), sum(cardinality(l.product_ids))::bigint, coalesce(sum(f.clicked), 0)::bigint,
    coalesce(sum(f.bought), 0)::bigint, coalesce(sum(r.dismissed), 0)::bigint, coalesce(sum(p.helpful), 0)::bigint
  from lists l
  left join followed f on f.id = l.id
  left join refused r on r.list_id = l.id
  left join praised p on p.list_id = l.id
  group by l.kind, l.model, l.arm
  order by l.kind, l.model nulls first, l.arm nulls first;
$$;
revoke execute on function recommendations.count_outcomes(timestamptz, timestamptz) from public;
grant execute on function recommendations.count_outcomes(timestamptz, timestamptz) to service_role;
comment on function recommendations.count_outcomes(timestamptz, timestamptz) is
  'What came of recommendations, by kind, model and arm.';
