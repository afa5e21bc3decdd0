-- Who watches their recommendations change right now. Tracking asks this table alone, so that it costs nothing while nobody
-- does.
create schema live;
comment on schema live is 'Open streams of recommendations. Not exposed to the API.';
grant usage on schema live to anon, authenticated, service_role;

create table live.listeners (
  subject_id uuid not null,
  stream_id uuid not null,
  until timestamptz not null,
  primary key (subject_id, stream_id)
);
alter table live.listeners enable row level security;
revoke all on live.listeners from public, anon, authenticated;
grant select, insert, update, delete on live.listeners to service_role;
comment on table live.listeners is 'Streams that are open for a subject, until their lease ends.';

-- Called at the end of tracking for subjects that somebody listens to, in the transaction that learned.
create function personalization.after_track(p_subject uuid, p_products uuid[]) returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  v_version bigint;
  v_products uuid[] := array(select distinct product from unnest(p_products[1 : 50]) product);
begin
  select s.version into v_version from personalization.subjects s where s.id = p_subject;
  if not found then
    return; -- Nothing was learned, and so nobody is known.
  end if;
  insert into live.outbox (subject_id, version, product_ids) values (p_subject, v_version, v_products)
  on conflict (subject_id, version) do nothing;
  perform live.tell(p_subject, jsonb_build_object('profileVersion', v_version, 'productIds', to_jsonb(v_products)));
  -- Each row that comes takes a few old ones along, so the table does not grow, whatever becomes of the job that purges it.
  perform live.purge(4, false);
end;
$$;
revoke execute on function personalization.after_track(uuid, uuid[]) from public;
grant execute on function personalization.after_track(uuid, uuid[]) to service_role;
comment on function personalization.after_track(uuid, uuid[]) is 'Tells streams of a subject what it has just learned from.';
