-- The experiments, the newest first, each with what its arms came to. A click or a purchase is of the arm whose list it names. Doubted
-- sessions are of no arm: whoever makes up keys would choose those of one.
create or replace function search.read_experiments(p_id uuid, p_limit integer) returns json
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  perform search.check_admin(null, 'read experiments');
  return (
    with chosen as materialized (
      select * from search.experiments e where p_id is null or e.id = p_id order by e.created_at desc, e.id
      limit least(greatest(p_limit, 1), 50)
    ), pages as materialized (
      select c.id as experiment_id, l.made_by ->> 'arm' as arm, l.id, l.subject_id, l.product_ids
      from chosen c join personalization.shown_lists l
        on l.shown_at >= c.starts_at and l.shown_at < coalesce(c.stopped_at, c.ends_at)
        and l.source = 'search' and l.made_by ->> 'experiment' = c.id::text
      where l.subject_id is not null
        and not exists (select 1 from personalization.subjects s where s.id = l.subject_id and s.is_doubted)
    ), events as materialized (
      select g.experiment_id, g.arm, g.id as list_id, g.subject_id,
        bool_or(i.signal in ('click', 'view_details')) as is_clicked,
        bool_or(i.signal in ('purchase', 'repeat_purchase', 'bulk_purchase', 'subscription')) as is_bought
      from personalization.interactions i
      join pages g on g.id = i.list_id and g.subject_id = i.subject_id and i.product_id = any (g.product_ids)
      where i.list_id is not null and i.occurred_at >= (select min(starts_at) from chosen)
        and i.signal in ('click', 'view_details', 'purchase', 'repeat_purchase', 'bulk_purchase', 'subscription')
      group by g.experiment_id, g.arm, g.id, g.subject_id
    ), shown as (
      select experiment_id, arm, count(*) as pages, count(distinct subject_id) as shoppers,
        coalesce(sum(cardinality(product_ids)), 0) as impressions
      from pages group by experiment_id, arm
    ), done as (
      select experiment_id, arm, count(*) filter (where is_clicked) as clicked_pages,
        count(distinct subject_id) filter (where is_clicked) as clicked_shoppers,
        count(distinct subject_id) filter (where is_bought) as bought_shoppers
      from events group by experiment_id, arm
    )
    select coalesce(json_agg(json_build_object('id', c.id, 'name', c.name, 'controlVersion', c.control_version,
      'treatmentVersion', c.treatment_version, 'share', c.share, 'startsAt', c.starts_at, 'endsAt', c.ends_at,
      'stoppedAt', c.stopped_at,
      'state', case when c.stopped_at is not null then 'stopped' when c.ends_at <= now() then 'over'
        when c.starts_at > now() then 'planned' else 'running' end,
      'arms', (select json_agg(json_build_object('arm', a.arm, 'pages', coalesce(s.pages, 0), 'shoppers', coalesce(s.shoppers, 0),
          'impressions', coalesce(s.impressions, 0), 'clickedPages', coalesce(d.clicked_pages, 0),
          'clickedShoppers', coalesce(d.clicked_shoppers, 0), 'boughtShoppers', coalesce(d.bought_shoppers, 0)) order by a.arm)
        from (values ('control'), ('treatment')) a(arm)
        left join shown s on s.experiment_id = c.id and s.arm = a.arm
        left join done d on d.experiment_id = c.id and d.arm = a.arm)) order by c.created_at desc, c.id), '[]')
    from chosen c);
end;
$$;
revoke execute on function search.read_experiments(uuid, integer) from public;
grant execute on function search.read_experiments(uuid, integer) to service_role;
comment on function search.read_experiments(uuid, integer) is 'Experiments and what their arms came to.';
