-- What is suggested, and what an operator reads first, goes by voices and not by searches: one who searches a thousand times, or makes up
-- a session each time, does not put their words before others.

-- Finds popular queries anew, and forgets words of products that are not on sale any more. Gives how many queries are popular.
create or replace function search.refresh_words() returns integer
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_count integer;
begin
  -- One at a time: a second run has nothing to add.
  if not pg_try_advisory_xact_lock(hashtextextended('search words', 0)) then
    return 0;
  end if;
  delete from search.words w where w.stem not in (
    select found.word from ts_stat('select d.words from search.documents d where d.is_on_sale') found);
  delete from search.popular_queries;
  insert into search.popular_queries (query, subjects, searches)
  select said.query, floor(sum(said.weight)), sum(said.searches)
  from (
    select search.fold(l.query) as query, v.weight, count(*) as searches
    from personalization.shown_lists l join personalization.voices v on v.subject_id = l.subject_id
    where l.source = 'search' and l.kind = 'search' and l.shown_at > now() - interval '30 days'
      and coalesce((l.made_by ->> 'total')::integer, 0) > 0 and coalesce((l.made_by ->> 'offset')::integer, 0) = 0
    group by 1, l.subject_id, v.weight
  ) said
  where length(said.query) between 2 and 60 and not exists (
    select 1 from regexp_split_to_table(said.query, ' ') given(word)
    where not exists (select 1 from search.words w where w.word = given.word)
      and numnode(plainto_tsquery('pg_catalog.english', given.word)) > 0)
  group by said.query having sum(said.weight) >= 5
  order by 2 desc, 1 limit 20000;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function search.refresh_words() from public;
grant execute on function search.refresh_words() to service_role;
comment on function search.refresh_words() is 'Finds popular queries anew and forgets words of what is not on sale.';

-- What searches came to. For holders of the secret key, and for members as far as their vendor's products go: they learn no query that
-- fewer than five shoppers searched for, and of others' products nothing.
create or replace function search.read_insights(p_vendor uuid, p_days integer, p_limit integer) returns json
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_since timestamptz := now() - make_interval(days => least(greatest(p_days, 1), 90));
  v_limit integer := least(greatest(p_limit, 1), 200);
  v_is_vendors boolean := p_vendor is not null;
begin
  perform search.check_admin(p_vendor, 'read insights');
  return (
    with pages as materialized (
      select l.id, l.subject_id, l.shown_at, l.product_ids, coalesce((l.made_by ->> 'offset')::integer, 0) as skipped,
        search.fold(coalesce(nullif(l.made_by ->> 'asked', ''), l.query, '')) as query,
        coalesce((l.made_by ->> 'total')::integer, cardinality(l.product_ids)) as total
      from personalization.shown_lists l
      where l.source = 'search' and l.kind = 'search' and l.shown_at >= v_since
        and (not v_is_vendors or exists (
          select 1 from unnest(l.product_ids) shown(id)
          where shown.id in (select p.id from public.products p where p.vendor_id = p_vendor)))
    ), events as materialized (
      -- A list's first click on a product: whoever clicks ten times has clicked.
      select distinct on (i.list_id, i.product_id, i.is_purchase) i.list_id, i.product_id, i.is_purchase, i.occurred_at,
        g.skipped + array_position(g.product_ids, i.product_id) as place, g.query, g.shown_at
      from (
        select e.list_id, e.product_id, e.occurred_at, e.subject_id, e.vendor_id,
          e.signal in ('purchase', 'repeat_purchase', 'bulk_purchase', 'subscription') as is_purchase
        from personalization.interactions e
        where e.occurred_at >= v_since and e.list_id is not null and (not v_is_vendors or e.vendor_id = p_vendor)
          and e.signal in ('click', 'view_details', 'purchase', 'repeat_purchase', 'bulk_purchase', 'subscription')) i
      join pages g on g.id = i.list_id and i.product_id = any (g.product_ids)
        and (g.subject_id is null or g.subject_id = i.subject_id)
      order by i.list_id, i.product_id, i.is_purchase, i.occurred_at
    ), clicked as (
      select e.query, count(distinct e.list_id) filter (where not e.is_purchase) as clicked_pages,
        count(*) filter (where not e.is_purchase) as clicks, count(*) filter (where e.is_purchase) as purchases
      from events e group by e.query
    ), queries as materialized (
      select g.query, count(*) as searches, count(distinct g.subject_id) as shoppers,
        coalesce((select sum(v.weight) from personalization.voices v where v.subject_id = any (array_agg(distinct g.subject_id))), 0)
          as voices, count(*) filter (where g.total = 0) as empty,
        coalesce(max(c.clicked_pages), 0) as clicked_pages, coalesce(max(c.clicks), 0) as clicks,
        coalesce(max(c.purchases), 0) as purchases
      from pages g left join clicked c using (query)
      where g.query <> '' and g.skipped = 0
      group by g.query
    ), told as (
      select * from queries where not v_is_vendors or voices >= 5
    ), places as (
      select g.skipped + shown.place as place, count(*) as shown
      from pages g, unnest(g.product_ids) with ordinality shown(id, place)
      where g.skipped + shown.place <= 50
        and (not v_is_vendors or shown.id in (select p.id from public.products p where p.vendor_id = p_vendor))
      group by 1
    )
    select json_build_object(
      'since', to_char(v_since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
      'searches', (select count(*) from pages where skipped = 0),
      'topQueries', (select coalesce(json_agg(json_build_object('query', q.query, 'searches', q.searches, 'shoppers', q.shoppers,
          'clicks', q.clicks, 'purchases', q.purchases, 'clickedShare', round(q.clicked_pages::numeric / q.searches, 4))), '[]')
        from (select * from told order by voices desc, searches desc, query limit v_limit) q),
      'zeroResultQueries', case when v_is_vendors then '[]'::json else (
        select coalesce(json_agg(json_build_object('query', q.query, 'searches', q.empty)), '[]')
        from (select * from told where empty > 0 order by voices desc, empty desc, query limit v_limit) q) end,
      'queriesWithoutClicks', (select coalesce(json_agg(json_build_object('query', q.query, 'searches', q.searches)), '[]')
        from (select * from told where clicks = 0 and empty < searches order by voices desc, searches desc, query limit v_limit) q),
      'places', (select coalesce(json_agg(json_build_object('place', p.place, 'shown', p.shown, 'clicks', coalesce(e.clicks, 0))
          order by p.place), '[]')
        from places p left join (
          select place, count(*) as clicks from events where not is_purchase group by place) e using (place)),
      'secondsToClick', (select percentile_cont(0.5) within group (order by extract(epoch from f.first_click - f.shown_at))
        from (select list_id, min(occurred_at) as first_click, min(shown_at) as shown_at from events
          where not is_purchase and occurred_at >= shown_at group by list_id) f)));
end;
$$;
revoke execute on function search.read_insights(uuid, integer, integer) from public;
grant execute on function search.read_insights(uuid, integer, integer) to authenticated, service_role;
comment on function search.read_insights(uuid, integer, integer) is 'What searches came to.';
