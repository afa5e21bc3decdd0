-- Experiments with the market's ranking, for holders of the secret key. One runs at a time: the periods of two never overlap.

create function search.start_experiment(p_experiment jsonb) returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_starts_at timestamptz := coalesce((p_experiment ->> 'startsAt')::timestamptz, now());
  v_ends_at timestamptz := (p_experiment ->> 'endsAt')::timestamptz;
  v_other search.experiments;
  v_id uuid;
begin
  perform search.check_admin(null, 'start the experiment');
  if v_ends_at <= now() then
    raise exception 'Cannot start the experiment as it would be over already' using errcode = 'BL422', detail = 'endsAt';
  end if;
  if (select count(*) from search.rankings r where r.vendor_id is null
      and r.version in ((p_experiment ->> 'controlVersion')::bigint, (p_experiment ->> 'treatmentVersion')::bigint)) <> 2 then
    raise exception 'Cannot start the experiment as it must compare two versions of the market''s ranking'
      using errcode = 'BL422', detail = 'treatmentVersion';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('search experiments', 0));
  select * into v_other from search.experiments e
  where e.starts_at < v_ends_at and coalesce(e.stopped_at, e.ends_at) > v_starts_at limit 1;
  if found then
    raise exception 'Cannot start the experiment as "%" runs in its time: stop that one first', v_other.name using errcode = 'BL409';
  end if;
  insert into search.experiments (name, control_version, treatment_version, share, starts_at, ends_at)
  values (p_experiment ->> 'name', (p_experiment ->> 'controlVersion')::bigint, (p_experiment ->> 'treatmentVersion')::bigint,
    coalesce((p_experiment ->> 'share')::real, 0.5), v_starts_at, v_ends_at)
  returning id into v_id;
  return v_id;
exception when check_violation then
  raise exception 'Cannot start the experiment as it must end after it starts, within 180 days'
    using errcode = 'BL422', detail = 'endsAt';
end;
$$;
revoke execute on function search.start_experiment(jsonb) from public;
grant execute on function search.start_experiment(jsonb) to service_role;
comment on function search.start_experiment(jsonb) is 'Begins to compare two versions of the market''s ranking.';

-- Ends one experiment, and no other. Stopped twice it is stopped once.
create function search.stop_experiment(p_id uuid) returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform search.check_admin(null, 'stop the experiment');
  update search.experiments set stopped_at = coalesce(stopped_at, now()) where id = p_id;
  if not found then
    raise exception 'Cannot stop the experiment as there is none of this id' using errcode = 'BL404';
  end if;
end;
$$;
revoke execute on function search.stop_experiment(uuid) from public;
grant execute on function search.stop_experiment(uuid) to service_role;
comment on function search.stop_experiment(uuid) is 'Ends an experiment.';

-- The experiments, the newest first, each with what its arms came to. A click or a purchase is of the arm whose list it names.
create function search.read_experiments(p_id uuid, p_limit integer) returns json
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
