-- Prompts as versioned rows. A version never changes: what is changed is a new one, and which one is active.
create table resilience.prompts (
  name text not null,
  -- Given by the trigger below.
  version integer not null default 1,
  -- Goes to the model as it is: it has no variables, so nothing from a caller is ever in it.
  system text not null,
  -- What the caller says, with {{variable}} where each variable's value goes.
  template text not null,
  -- Each variable's type, such as {"text": {"type": "text", "maxLength": 2000}}.
  variables jsonb not null default '{}',
  -- A name of the configuration of models, such as fast.
  model text not null,
  max_tokens integer not null,
  is_active boolean not null default false,
  -- May callers name it, or only code of this project?
  is_public boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  created_by text not null default session_user,
  primary key (name, version),
  constraint name_is_short_kebab_case check (name ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(name) <= 64),
  constraint version_is_positive check (version > 0),
  constraint system_has_no_variables check (system !~ '\{\{'),
  constraint texts_are_bounded check (length(system) <= 100000 and length(template) between 1 and 100000),
  constraint variables_are_an_object check (jsonb_typeof(variables) = 'object'),
  constraint model_has_a_name check (length(model) between 1 and 200),
  constraint max_tokens_is_in_bounds check (max_tokens between 1 and 64000)
);
comment on table resilience.prompts is 'Prompts, each in versions that never change. At most one version of a name is active.';
create unique index prompts_active on resilience.prompts (name) where is_active;

alter table resilience.prompts enable row level security;
revoke all on resilience.prompts from public, anon, authenticated;
grant select, insert on resilience.prompts to service_role;
grant update (is_active, is_public) on resilience.prompts to service_role;

-- Numbers versions, and keeps them as they are whoever tries.
create function resilience.keep_prompt() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'Cannot delete a version of a prompt: make another one active'
      using errcode = 'check_violation', constraint = 'prompts_are_append_only';
  end if;
  if tg_op = 'INSERT' then
    -- Two that add a version at once get two numbers.
    perform pg_advisory_xact_lock(hashtextextended('resilience.prompts ' || new.name, 0));
    select coalesce(max(prompt.version), 0) + 1 into new.version
      from resilience.prompts prompt where prompt.name = new.name;
    return new;
  end if;
  if (to_jsonb(new) - 'is_active' - 'is_public') <> (to_jsonb(old) - 'is_active' - 'is_public') then
    raise exception 'Cannot change a version of a prompt: add another one'
      using errcode = 'check_violation', constraint = 'prompts_are_append_only';
  end if;
  return new;
end
$$;
revoke all on function resilience.keep_prompt() from public;
create trigger keep_prompt before insert or update or delete on resilience.prompts
  for each row execute function resilience.keep_prompt();

-- Makes one version the active one; no version at all where p_version is null. Says whether there is such a version.
create function resilience.activate_prompt(p_name text, p_version integer) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('resilience.prompts ' || p_name, 0));
  if p_version is not null and not exists (
    select from resilience.prompts prompt where prompt.name = p_name and prompt.version = p_version
  ) then
    return false;
  end if;
  update resilience.prompts prompt set is_active = false
    where prompt.name = p_name and prompt.is_active and prompt.version is distinct from p_version;
  update resilience.prompts prompt set is_active = true
    where prompt.name = p_name and prompt.version = p_version and not prompt.is_active;
  return true;
end
$$;
revoke execute on function resilience.activate_prompt(text, integer) from public;
grant execute on function resilience.activate_prompt(text, integer) to service_role;

insert into resilience.prompts (name, system, template, variables, model, max_tokens, is_active, is_public, created_by) values (
  'summarize-text',
  'You sum up texts for customers of a shop. Keep to what the text says. Answer with the summary alone, in the language of the text.',
  'Sum up this text in at most {{sentences}} sentences.' || chr(10) || chr(10) || '{{text}}',
  '{"text": {"type": "text", "maxLength": 20000}, "sentences": {"type": "number", "min": 1, "max": 10, "default": 3}}',
  'fast', 600, true, true, 'migration'
);
