import assert from "node:assert/strict";
import { bootstrap } from "../../local/database/bootstrap.ts";
import { connect } from "../../local/database/connect.ts";
import { bareDatabase } from "../harness/bareDatabase.ts";
import { testDatabase } from "../harness/testDatabase.ts";

/** Everything the bootstrap could make or change, one line each. */
async function describeDatabase(url: string): Promise<string[]> {
  await using sql = connect(url);
  const rows = await sql<{ line: string }[]>`
    select format('%s %s %s %s', 'schema', nspname, pg_get_userbyid(nspowner), nspacl) as line from pg_namespace
    where nspname !~ '^pg_'
    union all
    select format('class %s %s %s %s', oid, oid::regclass, pg_get_userbyid(relowner), relacl) from pg_class
    where relnamespace::regnamespace::text in ('auth', 'vault', 'extensions', 'public')
    union all
    select format('function %s %s %s', oid, oid::regprocedure, proacl) from pg_proc
    where pronamespace::regnamespace::text in ('auth', 'vault', 'extensions', 'public')
    union all
    select format('extension %s', extname) from pg_extension
    union all
    select format('role %s', r) from pg_roles as r where rolname !~ '^pg_'
    union all
    select format('member %s', m) from pg_auth_members as m
    union all
    select format('database %s %s', pg_get_userbyid(datdba), datacl) from pg_database where datname = current_database()
    union all
    select format('default %s', d) from pg_default_acl as d
    order by 1`;
  return rows.map(({ line }) => line);
}

Deno.test("the bootstrap changes nothing the second time, for a superuser or for postgres", async () => {
  await using database = await bareDatabase();
  await bootstrap(database.superuserUrl);
  const before = await describeDatabase(database.superuserUrl);
  await bootstrap(database.superuserUrl);
  assert.deepEqual(await describeDatabase(database.superuserUrl), before);
  // As with '--db-url' and a project of Supabase's: everything is there, and we are not its superuser.
  await bootstrap(database.url);
  assert.deepEqual(await describeDatabase(database.superuserUrl), before);
});

Deno.test("four at once make one database", async () => {
  await using database = await bareDatabase();
  await Promise.all(Array.from({ length: 4 }, () => bootstrap(database.superuserUrl)));
  const [row] = await database.sql`select count(*)::int as count from pg_class where oid = 'auth.users'::regclass`;
  assert.equal(row?.count, 1);
});

Deno.test("what is there already is left as it is", async () => {
  await using database = await bareDatabase();
  await database.sql`create schema auth`;
  await database.sql`create table auth.users (id uuid primary key, email text, mine int)`;
  await database.sql`create function auth.uid() returns uuid language sql stable as 'select null::uuid'`;
  await bootstrap(database.superuserUrl);
  const columns = await database.sql`
    select attname from pg_attribute where attrelid = 'auth.users'::regclass and attnum > 0 order by attnum`;
  assert.deepEqual(columns.map(({ attname }) => attname), ["id", "email", "mine"]);
  const [row] = await database.sql`select prosrc from pg_proc where oid = 'auth.uid()'::regprocedure`;
  assert.equal(row?.prosrc, "select null::uuid");
});

Deno.test("a new table is granted to nobody", async () => {
  await using database = await testDatabase();
  await database.sql`create table public.fresh (id int)`;
  const rows = await database.sql`
    select role, has_table_privilege(role, 'public.fresh', 'select') as granted
    from unnest(array['anon', 'authenticated', 'service_role']) as role`;
  assert.deepEqual(rows.map(({ granted }) => granted), [false, false, false]);
});

Deno.test("policies read who asks from the claims", async () => {
  await using database = await testDatabase();
  const id = crypto.randomUUID();
  const claims = JSON.stringify({ sub: id, role: "authenticated", email: "ada@example.com" });
  const row = await database.sql.begin(async (sql) => {
    await sql`select set_config('request.jwt.claims', ${claims}, true)`;
    await sql`set local role authenticated`;
    return (await sql`select auth.uid() as uid, auth.role() as role, auth.email() as email, auth.jwt() as jwt`)[0];
  });
  assert.deepEqual({ ...row }, { uid: id, role: "authenticated", email: "ada@example.com", jwt: JSON.parse(claims) });
  const [nobody] = await database.sql`select auth.uid() as uid, auth.jwt() as jwt`;
  assert.deepEqual({ ...nobody }, { uid: null, jwt: null });
});

Deno.test("the vault gives secrets to the service, and to nobody else", async () => {
  await using database = await testDatabase();
  await database.sql`select vault.create_secret('hush', 'a_secret', 'why')`;
  const read = (role: string) =>
    database.sql.begin(async (sql) => {
      await sql`set local role ${sql(role)}`;
      return await sql`select decrypted_secret from vault.decrypted_secrets where name = 'a_secret'`;
    });
  assert.deepEqual((await read("service_role")).map((row) => row.decrypted_secret), ["hush"]);
  for (const role of ["anon", "authenticated"]) {
    await assert.rejects(() => read(role), { code: "42501" });
  }
  await assert.rejects(() => database.sql`select vault.create_secret('again', 'a_secret')`, { code: "23505" });
});

Deno.test("users can be read by postgres alone", async () => {
  await using database = await testDatabase();
  await database.sql`insert into auth.users (id, email) values (gen_random_uuid(), 'ada@example.com')`;
  for (const role of ["anon", "authenticated", "service_role"]) {
    await assert.rejects(
      () =>
        database.sql.begin(async (sql) => {
          await sql`set local role ${sql(role)}`;
          return await sql`select from auth.users`;
        }),
      { code: "42501" },
    );
  }
});
