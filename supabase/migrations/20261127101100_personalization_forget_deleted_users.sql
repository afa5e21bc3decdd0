-- An account that is deleted takes its profile along, and the sessions that became it.
create function personalization.forget_deleted_user() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform 1 from personalization.subjects where id = old.id for update;
  perform personalization.erase_subject(old.id);
  delete from personalization.subjects where id = old.id or merged_into = old.id;
  return null;
end;
$$;
revoke execute on function personalization.forget_deleted_user() from public;
create trigger users_take_their_profile after delete on auth.users
  for each row execute function personalization.forget_deleted_user();
