-- The ranking's admin side: by holders of the secret key for the market, and by members for their own vendor's shop. Each function
-- asks who calls before anything else.

create function search.check_admin(p_vendor uuid, p_action text) returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if auth.role() is distinct from 'service_role' and (p_vendor is null or not p_vendor = any (commerce.my_vendors())) then
    raise exception 'Cannot % as the caller does not act for the vendor', p_action using errcode = 'BL403';
  end if;
  if p_vendor is not null and not exists (select 1 from public.vendors where id = p_vendor) then
    raise exception 'Cannot % as there is no such vendor', p_action using errcode = 'BL404';
  end if;
end;
$$;
revoke execute on function search.check_admin(uuid, text) from public;
grant execute on function search.check_admin(uuid, text) to service_role;
comment on function search.check_admin(uuid, text) is 'Refuses whoever may not act for a vendor, or for the market.';

-- Adds a version, and puts it in force unless told otherwise. `expected`: the version the caller has seen in force.
create function search.add_ranking(p_vendor uuid, p_weights jsonb, p_note text, p_activate boolean, p_expected bigint, p_by text)
returns bigint
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_version bigint;
begin
  perform search.check_admin(p_vendor, 'change the ranking');
  insert into search.rankings (vendor_id, relevance, personal, recency, popularity, season, diversity, note, created_by)
  values (p_vendor, (p_weights ->> 'relevance')::real, (p_weights ->> 'personal')::real, (p_weights ->> 'recency')::real,
    (p_weights ->> 'popularity')::real, (p_weights ->> 'season')::real, coalesce((p_weights ->> 'diversity')::real, 0.02), p_note,
    p_by)
  returning version into v_version;
  if p_activate then
    perform search.activate_ranking(p_vendor, v_version, p_expected, p_by);
  end if;
  return v_version;
exception when check_violation then
  raise exception 'Cannot add the ranking as its weights must be at least 0, that of relevance at least 0.1, and sum to 1'
    using errcode = 'BL422', detail = 'weights';
end;
$$;
revoke execute on function search.add_ranking(uuid, jsonb, text, boolean, bigint, text) from public;
grant execute on function search.add_ranking(uuid, jsonb, text, boolean, bigint, text) to authenticated, service_role;
comment on function search.add_ranking(uuid, jsonb, text, boolean, bigint, text) is 'Adds a version of a scope''s weights.';

-- Puts a version in force, a new one or an old one again. Null version of a vendor: the market's again.
create function search.activate_ranking(p_vendor uuid, p_version bigint, p_expected bigint, p_by text) returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_now bigint;
begin
  perform search.check_admin(p_vendor, 'change the ranking');
  perform pg_advisory_xact_lock(hashtextextended('search ranking ' || coalesce(p_vendor::text, 'market'), 0));
  select a.version into v_now from search.activations a where a.vendor_id is not distinct from p_vendor order by a.id desc limit 1;
  if p_expected is not null and p_expected <> coalesce(v_now, 0) then
    raise exception 'Cannot change the ranking as version % is in force: % was expected', coalesce(v_now, 0), p_expected
      using errcode = 'BL409';
  end if;
  if not exists (select 1 from search.rankings r where r.version = p_version and r.vendor_id is not distinct from p_vendor) then
    raise exception 'Cannot activate the ranking as there is no version % here', p_version using errcode = 'BL404';
  end if;
  if v_now is distinct from p_version then
    insert into search.activations (vendor_id, version, activated_by) values (p_vendor, p_version, p_by);
  end if;
end;
$$;
revoke execute on function search.activate_ranking(uuid, bigint, bigint, text) from public;
grant execute on function search.activate_ranking(uuid, bigint, bigint, text) to authenticated, service_role;
comment on function search.activate_ranking(uuid, bigint, bigint, text) is 'Puts a version of a scope''s weights in force.';

create function search.read_ranking(p_vendor uuid) returns json
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  perform search.check_admin(p_vendor, 'read the ranking');
  return json_build_object(
    'active', (select a.version from search.activations a where a.vendor_id is not distinct from p_vendor order by a.id desc limit 1),
    'versions', (select coalesce(json_agg(json_build_object('version', r.version, 'weights', json_build_object(
        'relevance', r.relevance, 'personal', r.personal, 'recency', r.recency, 'popularity', r.popularity, 'season', r.season,
        'diversity', r.diversity), 'note', r.note, 'createdBy', r.created_by, 'createdAt', r.created_at) order by r.version desc), '[]')
      from (select * from search.rankings x where x.vendor_id is not distinct from p_vendor order by x.version desc limit 50) r),
    'activations', (select coalesce(json_agg(json_build_object(
        'version', a.version, 'activatedBy', a.activated_by, 'activatedAt', a.activated_at) order by a.id desc), '[]')
      from (select * from search.activations x where x.vendor_id is not distinct from p_vendor order by x.id desc limit 50) a),
    'pins', (select coalesce(json_agg(json_build_object('id', p.id, 'query', p.query, 'category', c.slug, 'productId', p.product_id,
        'action', p.action, 'place', p.place, 'startsAt', p.starts_at, 'endsAt', p.ends_at) order by p.created_at, p.id), '[]')
      from (select * from search.pins x where x.vendor_id is not distinct from p_vendor order by x.created_at desc, x.id limit 500) p
      left join public.categories c on c.id = p.category_id),
    'synonyms', (select coalesce(json_agg(json_build_object('id', s.id, 'term', s.term, 'meanings', s.meanings) order by s.term), '[]')
      from (select * from search.synonyms x where x.vendor_id is not distinct from p_vendor order by x.term limit 1000) s));
end;
$$;
revoke execute on function search.read_ranking(uuid) from public;
grant execute on function search.read_ranking(uuid) to authenticated, service_role;
comment on function search.read_ranking(uuid) is 'A scope''s versions of weights, pins and synonyms.';
