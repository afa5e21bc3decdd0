-- What a beginning may become. A query is suggested only where at least five shoppers searched for it, found something, and each of its
-- words is one that products are named by: nobody's private words, and no slogans.

create table search.popular_queries (
  query text primary key,
  subjects integer not null,
  searches integer not null,
  updated_at timestamptz not null default now(),
  constraint popular_query_is_shared check (subjects >= 5)
);
create index popular_queries_by_beginning on search.popular_queries (query text_pattern_ops);
create index documents_by_name on search.documents (name text_pattern_ops) where is_on_sale;
alter table search.popular_queries enable row level security;
revoke all on search.popular_queries from public, anon, authenticated;
grant select, insert, update, delete on search.popular_queries to service_role;
comment on table search.popular_queries is 'Queries of many shoppers in the last thirty days, made by a job.';

-- Finds popular queries anew, and forgets words of products that are not on sale any more. Gives how many queries are popular.
create function search.refresh_words() returns integer
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
  select said.query, count(distinct said.subject_id), count(*)
  from (
    select search.fold(l.query) as query, l.subject_id from personalization.shown_lists l
    where l.source = 'search' and l.kind = 'search' and l.shown_at > now() - interval '30 days' and l.subject_id is not null
      and coalesce((l.made_by ->> 'total')::integer, 0) > 0 and coalesce((l.made_by ->> 'offset')::integer, 0) = 0
  ) said
  where length(said.query) between 2 and 60 and not exists (
    select 1 from regexp_split_to_table(said.query, ' ') given(word)
    where not exists (select 1 from search.words w where w.word = given.word)
      and numnode(plainto_tsquery('pg_catalog.english', given.word)) > 0)
  group by said.query having count(distinct said.subject_id) >= 5
  order by 2 desc, 1 limit 20000;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
revoke execute on function search.refresh_words() from public;
grant execute on function search.refresh_words() to service_role;
comment on function search.refresh_words() is 'Finds popular queries anew and forgets words of what is not on sale.';

-- Beginnings are ranges ('~' comes after all letters), as a plan that is kept cannot make one of a `like` that it does not know.
create function search.suggest(p_query text, p_limit integer) returns json
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_text text := search.fold(left(p_query, 100));
  v_attempt integer;
  v_last text;
  v_meant text;
  v_found json;
begin
  if v_text = '' then
    return '[]'::json;
  end if;
  for v_attempt in 1 .. 2 loop
    select coalesce(json_agg(json_build_object('kind', said.kind, 'text', said.label, 'id', said.id)
      order by said.kind_order, said.worth desc, said.label), '[]')
    into v_found
    from (
      (select 'query' as kind, 1 as kind_order, q.query as label, null::text as id, q.subjects::real as worth
      from search.popular_queries q where q.query ~>=~ v_text and q.query ~<~ (v_text || '~') order by q.subjects desc, q.query limit p_limit)
      union all
      (select 'category', 2, c.name, c.slug, 0
      from public.categories c where search.fold(c.name) like v_text || '%' order by c.name, c.id limit 3)
      union all
      (select 'product', 3, p.name, p.id::text, near.popularity
      from (
        select d.product_id, d.popularity from search.documents d
        where d.is_on_sale and (d.expires_at is null or d.expires_at > now()) and d.name ~>=~ v_text
          and d.name ~<~ (v_text || '~') and length(v_text) >= 2
        order by d.popularity desc, d.product_id limit p_limit) near
      join public.products p on p.id = near.product_id)
    ) said;
    exit when json_array_length(v_found) > 0 or v_attempt = 2;
    -- Nothing begins so: the last word may be spelt wrong.
    v_last := substring(v_text from '[a-z0-9]+$');
    exit when exists (select 1 from search.words w where w.word ~>=~ v_last and w.word ~<~ (v_last || '~'));
    v_meant := search.correct_word(v_last);
    exit when v_meant is null;
    v_text := left(v_text, length(v_text) - length(v_last)) || v_meant;
  end loop;
  if json_array_length(v_found) = 0 and length(v_text) >= 3 then
    -- No name begins so; some name has all of these words.
    -- Materialized, as a search for the popular ones first goes through all products where none has them.
    with named as materialized (
      select d.product_id, d.popularity from search.documents d
      where d.is_on_sale and (d.expires_at is null or d.expires_at > now())
        and d.name_words operator(pg_catalog.@@) (replace(v_text, ' ', ' & ') || ':*')::tsquery
    ), near as (
      select * from named order by popularity desc, product_id limit p_limit
    )
    select coalesce(json_agg(json_build_object('kind', 'product', 'text', p.name, 'id', p.id) order by near.popularity desc, p.id), '[]')
    into v_found from near join public.products p on p.id = near.product_id;
  end if;
  return v_found;
end;
$$;
revoke execute on function search.suggest(text, integer) from public;
grant execute on function search.suggest(text, integer) to anon, authenticated, service_role;
comment on function search.suggest(text, integer) is 'Queries, categories and products that begin so.';
