-- What those want most who are like the subject in taste or in the way they shop: for whom little is known of, often all there
-- is. Segments and their favourites are made by the hourly job.
create function recommendations.from_peers(p_subject uuid, p_without uuid[], p_vendor uuid, p_limit integer)
returns setof recommendations.candidate
language plpgsql
stable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
rows 20
as $$
begin
  return query
  select near.product_id, 'peers', near.score, null::text
  from (
    select f.product_id, sum(f.score)::real as score
    from personalization.segments g
    join personalization.segment_favourites f on f.segment in ('behaviour:' || g.behaviour, 'taste:' || g.taste)
    where g.subject_id = p_subject and f.product_id <> all (p_without)
    group by f.product_id
  ) near
  join recommendations.on_sale s on s.id = near.product_id and (p_vendor is null or s.vendor_id = p_vendor)
  order by near.score desc, near.product_id
  limit p_limit;
end;
$$;
revoke execute on function recommendations.from_peers(uuid, uuid[], uuid, integer) from public;
comment on function recommendations.from_peers(uuid, uuid[], uuid, integer) is 'What those want most who are like the subject.';

-- The categories that a subject wants at this hour of their day, and their share of what they want then.
create function recommendations.moment_of(p_subject uuid, p_hour integer) returns json
language plpgsql
stable
set search_path = ''
as $$
begin
  if p_subject is null or p_hour is null then
    return '{}';
  end if;
  return coalesce((
    select json_object_agg(t.category_id, t.share) from personalization.time_patterns t
    where t.subject_id = p_subject
      and t.daypart = personalization.daypart(make_timestamptz(2000, 1, 1, p_hour, 0, 0, 'UTC'))), '{}');
end;
$$;
revoke execute on function recommendations.moment_of(uuid, integer) from public;
comment on function recommendations.moment_of(uuid, integer) is 'The categories that a subject wants at this hour.';
