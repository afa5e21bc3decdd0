-- Everything a search needs, in one round trip: who asks and what is known of their taste, the weights in force, and the
-- candidates with what scoring needs of them. The cheap order - named so, popular, of a liked kind - chooses three hundred;
-- what is dear to compute is computed for those alone. What is searched is put together of fixed conditions, as Postgres then
-- plans for the filters that are there; what callers say is only ever a parameter.
create function search.find(p_session_key text, p_ask jsonb) returns json
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_head constant integer := 300;
  v_query text := coalesce(p_ask ->> 'q', '');
  v_subject uuid := personalization.caller_subject(p_session_key);
  v_is_personal boolean := coalesce((p_ask ->> 'personalize')::boolean, true);
  v_month smallint := coalesce((p_ask ->> 'month')::smallint, extract(month from now()));
  v_vendors uuid[] := array(select value::uuid from jsonb_array_elements_text(p_ask -> 'vendors'));
  v_vendor uuid := case when cardinality(v_vendors) = 1 then v_vendors[1] end;
  v_attributes text[] := array(select personalization.slug(value) from jsonb_array_elements_text(p_ask -> 'attributes'));
  v_without text[] := array(select personalization.slug(value) from jsonb_array_elements_text(p_ask -> 'excludeAttributes'));
  v_brands text[] := array(select personalization.slug(value) from jsonb_array_elements_text(p_ask -> 'brands'));
  v_slugs text[] := array(select value from jsonb_array_elements_text(p_ask -> 'categories'));
  v_categories uuid[] := array(select c.id from public.categories c where c.slug = any (v_slugs));
  v_lowest numeric := (p_ask ->> 'minPrice')::numeric;
  v_highest numeric := (p_ask ->> 'maxPrice')::numeric;
  v_until integer := coalesce((p_ask ->> 'until')::integer, 24);
  v_profile json := '[]';
  v_liked text[] := '{}';
  v_disliked text[] := '{}';
  v_version bigint;
  v_pool constant integer := 1500;
  v_words text;
  v_chosen record;
  v_read record;
  v_asked tsquery;
  v_filters text := 'd.is_on_sale and (d.expires_at is null or d.expires_at > now())';
  v_where text;
  v_order text := 'd.popularity';
  v_statement text;
  v_is_relaxed boolean := false;
  v_joint text;
  v_sort text := 'd.popularity';
  v_known tsquery[];
  v_found json;
  v_total bigint;
  v_tail json;
  v_first json := '[]';
  v_last json := '[]';
  v_facets json;
begin
  if v_subject is not null then
    select s.version into v_version from personalization.subjects s where s.id = v_subject;
    if found and v_is_personal then
      select coalesce(json_agg(p), '[]'),
        coalesce((array_agg(substr(p.trait, 11)) filter (where p.score >= 0.15 and p.trait like 'attribute:%'))[1:5], '{}'),
        coalesce((array_agg(substr(p.trait, 11)) filter (where p.score <= -0.35 and p.trait like 'attribute:%'))[1:20], '{}')
      into v_profile, v_liked, v_disliked from personalization.read_profile(v_subject, now(), 150) p;
    end if;
  end if;
  select * into v_chosen from search.choose_ranking(v_subject, v_vendor);
  select * into v_read from search.read_query(v_query, v_vendor);

  if cardinality(v_slugs) > 0 then v_filters := v_filters || ' and d.category_ids && $2'; end if;
  if cardinality(v_vendors) > 0 then v_filters := v_filters || ' and d.vendor_id = any ($3)'; end if;
  if cardinality(v_attributes) > 0 then v_filters := v_filters || ' and d.attributes @> $4'; end if;
  if cardinality(v_without) > 0 then v_filters := v_filters || ' and not d.attributes && $5'; end if;
  if cardinality(v_brands) > 0 then v_filters := v_filters || ' and d.brand = any ($6)'; end if;
  if v_lowest is not null then v_filters := v_filters || ' and d.price >= $7'; end if;
  if v_highest is not null then v_filters := v_filters || ' and d.price <= $8'; end if;
  if (p_ask ->> 'inSeason')::boolean then
    v_filters := v_filters || ' and (d.season_months = ''{}'' or $9 = any (d.season_months))';
  end if;
  if (p_ask ->> 'inStock')::boolean then v_filters := v_filters || ' and not d.is_scarce'; end if;

  if cardinality(v_liked) > 0 then v_order := v_order || ' + 0.6 * (d.attributes && $10)::integer'; end if;
  if cardinality(v_disliked) > 0 then v_order := v_order || ' - (d.attributes && $11)::integer'; end if;
  v_where := v_filters;
  v_words := search.fold(coalesce(v_read.corrected, v_query));
  if cardinality(v_read.conditions) > 0 then
    v_where := v_filters || ' and d.words @@ $1';
    select string_agg('(' || c::text || ')', ' & ' order by place)::tsquery into v_asked
    from unnest(v_read.conditions) with ordinality said(c, place);
  elsif v_query ~ '\S' then
    -- Nothing of it is a word that anything could be found by.
    v_where := v_filters || ' and false';
  end if;
  -- The index of popularity is the short way only to what is everywhere. The planner takes it too early, as it knows nothing of what
  -- looking at a row's words costs: a glance at the most popular ones tells.
  if v_asked is not null and (
    select count(*) filter (where d.words @@ v_asked) < 100
    from (select x.words from search.documents x where x.is_on_sale order by x.popularity desc, x.product_id limit 200) d) then
    v_sort := 'd.popularity + 0';
  end if;
  -- Named so comes first: only where few are, what is said of products otherwise is looked at, too. Of a word that thousands of
  -- products have, the most popular ones are.
  -- Worth is computed of the pools alone: the planner would have it computed of all matches before it sorts them.
  v_statement := 'with named as materialized (
      select d.product_id, d.popularity, d.attributes from search.documents d
      where ' || v_filters || case when v_asked is null then ' and false' else ' and d.name_words @@ $1' end || '
      order by d.popularity + 0 desc, d.product_id limit ' || v_pool || '
    ), others as materialized (
      select d.product_id, d.popularity, d.attributes from search.documents d
      where (select count(*) from named) < ' || v_head || ' and ' || v_where || '
      order by ' || v_sort || ' desc, d.product_id limit ' || v_pool || '
    ), matched as materialized (
      select d.product_id, max(' || v_order || ' + d.bonus)::real as worth
      from (select named.*, 1.5 as bonus from named union all select others.*, 0 from others) d group by d.product_id
    ), head as materialized (
      select m.product_id from matched m order by m.worth desc, m.product_id limit ' || v_head || '
    )
    select case
      when (select count(*) from named) = ' || v_pool || ' then ' || v_pool || '
      when (select count(*) from named) < ' || v_head || ' and (select count(*) from others) < ' || v_pool || '
      then (select count(*) from matched)
      else (select count(*) from (select 1 from search.documents d where ' || v_where || ' limit ' || v_pool || ') counted) end, (
      select coalesce(json_agg(json_build_array(d.product_id, '
        || case when v_asked is null then '0, 0' else
          'ts_rank(''{0.1, 0.2, 0.4, 1}'', d.words, $1), extensions.similarity(d.name, $12)' end || ',
        d.popularity, d.season_months = ''{}'' or $9 = any (d.season_months), cardinality(d.season_months),
        floor(extract(epoch from now() - d.listed_at) / 86400), d.vendor_id, d.category_id'
        || case when v_profile::text = '[]' then '' else ', t.traits, t.weights' end || ')), ''[]'')
      from head join search.documents d using (product_id)'
        || case when v_profile::text = '[]' then '' else ' left join personalization.product_traits t using (product_id)' end || '
    ), '
    || case when v_until <= v_head then '''[]''::json' else '(
      select coalesce(json_agg(tail.product_id), ''[]'') from (
        select m.product_id from matched m order by m.worth desc, m.product_id offset ' || v_head || ' limit '
          || (v_until - v_head) || ') tail)' end;
  execute v_statement into v_total, v_found, v_tail
  using v_asked, v_categories, v_vendors, v_attributes, v_without, v_brands, v_lowest, v_highest, v_month, v_liked, v_disliked, v_words;
  -- Nothing has all of it. Words that nothing has are left out first; where that does not help, any of the words will do.
  if v_total = 0 and cardinality(v_read.conditions) > 1 then
    v_is_relaxed := true;
    v_known := array(select c from unnest(v_read.conditions) with ordinality said(c, place)
      where exists (select 1 from search.documents d where d.is_on_sale and d.words @@ c) order by place);
    foreach v_joint in array array[' & ', ' | '] loop
      exit when v_total > 0 or cardinality(v_known) = 0;
      continue when v_joint = ' & ' and cardinality(v_known) = cardinality(v_read.conditions);
      if v_joint = ' | ' then
        -- What has more of the words comes first.
        v_statement := replace(v_statement, 'max(d.popularity', 'max((
          select ts_rank(said.words, $1) * 10 from search.documents said where said.product_id = d.product_id) + d.popularity');
      end if;
      v_asked := (select string_agg('(' || c::text || ')', v_joint) from unnest(v_known) c)::tsquery;
      execute v_statement into v_total, v_found, v_tail
      using v_asked, v_categories, v_vendors, v_attributes, v_without, v_brands, v_lowest, v_highest, v_month, v_liked,
        v_disliked, v_words;
    end loop;
  end if;

  -- What the market, or the vendor in their own shop, puts first and last. It passes the filters like everything.
  if exists (select 1 from search.pins p where p.query = search.fold(v_query) or p.category_id = any (v_categories)) then
    execute 'select coalesce(json_agg(json_build_array(chosen.product_id, chosen.place) order by chosen.place, chosen.product_id)
        filter (where chosen.action = ''pin''), ''[]''),
      coalesce(json_agg(chosen.product_id) filter (where chosen.action = ''bury''), ''[]'')
      from (select distinct on (p.product_id) p.product_id, p.place, p.action
        from search.pins p join search.documents d using (product_id)
        where (p.query = $13 or ($13 = '''' and p.category_id = any ($2))) and (p.vendor_id is null or p.vendor_id = $14)
          and p.starts_at <= now() and (p.ends_at is null or p.ends_at > now()) and ' || v_filters || '
        order by p.product_id, p.vendor_id nulls last, p.action, p.place, p.id limit 100) chosen'
    into v_first, v_last
    using v_asked, v_categories, v_vendors, v_attributes, v_without, v_brands, v_lowest, v_highest, v_month, v_liked, v_disliked,
      ''::text, search.fold(v_query), v_vendor;
  end if;

  if jsonb_array_length(p_ask -> 'facets') > 0 then
    execute 'select search.count_facets(array(
        select d.product_id from search.documents d where ' || v_where || ' order by d.popularity desc, d.product_id limit 5000), $10)'
    into v_facets
    using v_asked, v_categories, v_vendors, v_attributes, v_without, v_brands, v_lowest, v_highest, v_month,
      array(select value from jsonb_array_elements_text(p_ask -> 'facets'));
  end if;

  return json_build_object(
    'profileVersion', coalesce(v_version, 0), 'profile', v_profile,
    'ranking', to_json(v_chosen.ranking), 'experiment', v_chosen.experiment_id, 'arm', v_chosen.arm,
    'corrected', v_read.corrected, 'relaxed', v_is_relaxed, 'total', v_total, 'candidates', v_found, 'tail', v_tail,
    'pinned', v_first, 'buried', v_last, 'facets', v_facets);
end;
$$;
revoke execute on function search.find(text, jsonb) from public;
grant execute on function search.find(text, jsonb) to anon, authenticated, service_role;
comment on function search.find(text, jsonb) is 'Candidates of a search, and what to rank them by.';
