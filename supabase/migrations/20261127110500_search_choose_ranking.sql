-- The weights that a search is ranked by: the vendor's own within their shop, or else the market's; and of shoppers in an
-- experiment those of their arm, the same arm each time.
create function search.choose_ranking(p_subject uuid, p_vendor uuid, out ranking search.rankings, out experiment_id uuid, out arm text)
language plpgsql
stable
set search_path = ''
as $$
declare
  v_experiment search.experiments;
  v_version bigint;
begin
  if p_vendor is not null then
    select a.version into v_version from search.activations a where a.vendor_id = p_vendor order by a.id desc limit 1;
  end if;
  if v_version is null and p_subject is not null then
    select * into v_experiment from search.experiments e
    where e.starts_at <= now() and e.ends_at > now() and e.stopped_at is null order by e.starts_at, e.id limit 1;
    if found then
      experiment_id := v_experiment.id;
      arm := case
        when ('x' || left(md5(v_experiment.id::text || p_subject::text), 8))::bit(32)::bigint
          < v_experiment.share::double precision * 4294967296 then 'treatment'
        else 'control' end;
      v_version := case arm when 'treatment' then v_experiment.treatment_version else v_experiment.control_version end;
    end if;
  end if;
  if v_version is null then
    select a.version into v_version from search.activations a where a.vendor_id is null order by a.id desc limit 1;
  end if;
  select * into ranking from search.rankings r where r.version = v_version;
end;
$$;
revoke execute on function search.choose_ranking(uuid, uuid) from public;
grant execute on function search.choose_ranking(uuid, uuid) to service_role;
comment on function search.choose_ranking(uuid, uuid) is 'The weights that a search is ranked by.';
