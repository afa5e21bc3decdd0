import assert from "node:assert/strict";
import { checkMigrations } from "../../tools/checkers/checkMigrations.ts";

const good = `-- A table; and a comment with a semicolon; SELECT.
create table if not exists public.carts (
  id uuid primary key,
  note text default 'GRANT; nothing' check (note <> ''), -- DROP TABLE
  "SELECT" text
);
alter table public.carts enable row level security;
revoke all on table public.carts from anon, authenticated;
grant select on public.other, public.carts to authenticated;

create or replace function public.cart_note(p_id uuid) returns text
language sql stable
set search_path = ''
as $$
  select note from public.carts where id = p_id; -- FROM here
$$;
`;

function messages(sql: string, file = "20261121090000_cart_create_tables.sql"): string[] {
  return checkMigrations(new Map([[`supabase/migrations/${file}`, sql]])).map(({ message }) => message);
}

Deno.test("a complete migration is fine", () => assert.deepEqual(messages(good), []));

Deno.test("a table without row level security or GRANT is refused", () => {
  const found = messages(
    "create table resilience.keys (id int);\n\ncreate unlogged table resilience.marks (id int);\n" +
      "alter table resilience.marks enable row level security;\ngrant all on all tables in schema audit to service_role;",
  );
  assert.deepEqual(found, [
    "Line 1: table 'resilience.keys' must have row level security enabled in this migration",
    "Line 1: table 'resilience.keys' must have its GRANT in this migration: new tables get none by themselves",
    "Line 3: table 'resilience.marks' must have its GRANT in this migration: new tables get none by themselves",
  ]);
});

Deno.test("a GRANT inside a comment or a string does not count", () => {
  const found = messages(
    good.replace("grant select on public.other, public.carts", "comment on table public.carts is 'x'; --"),
  );
  assert.equal(found.length, 1);
  assert.match(found[0]!, /must have its GRANT/);
});

Deno.test("a grant on the whole schema covers its tables", () => {
  const sql = good.replace("public.other, public.carts", "all tables in schema public");
  assert.deepEqual(messages(sql), []);
});

Deno.test("a function must state volatility and an empty search path, outside its body", () => {
  const sql = `create function public.f() returns int language plpgsql as $body$
    -- volatile; set search_path = ''
    begin return 1; end $body$;
    create function g() returns int immutable language sql set search_path = public as 'select 1';`;
  assert.deepEqual(messages(sql), [
    "Line 1: function 'public.f' must state its volatility: immutable, stable or volatile",
    "Line 1: function 'public.f' must say set search_path = ''",
    "Line 4: function 'g' must name its schema",
    "Line 4: function 'g' must say set search_path = ''",
  ]);
});

Deno.test("shouted keywords are refused, in function bodies too", () => {
  assert.match(messages("CREATE index on public.carts (id);")[0]!, /writes CREATE, but SQL is lower-case/);
  assert.match(messages(good.replace("select note from", "select note FROM"))[0]!, /writes FROM/);
});

Deno.test("file names carry a real time, an area and a verb phrase", () => {
  for (const file of ["1_cart_create_tables.sql", "20261341090000_cart_create_tables.sql", "20261121090000_cart.sql"]) {
    assert.equal(messages("select 1;", file).length, 1, file);
  }
});

Deno.test("two migrations cannot have one version", () => {
  const tree = new Map([
    ["supabase/migrations/20261121090000_cart_create_tables.sql", "select 1;"],
    ["supabase/migrations/20261121090000_shop_create_tables.sql", "select 1;"],
  ]);
  assert.deepEqual(checkMigrations(tree).map(({ message }) => message), [
    "Has the version of 20261121090000_cart_create_tables.sql",
  ]);
});
