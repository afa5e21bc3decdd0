import {
  createSqlClient,
  type SqlClient,
  type SqlClientOptions,
} from "../../supabase/functions/_shared/db/sqlClient.ts";
import { parseConnectionUrl } from "../../supabase/functions/_shared/db/connectionSettings.ts";
import type { Caller } from "../../supabase/functions/_shared/http/caller.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";

/** A database with a table whose rows belong to users: `notes(id, owner, body)`, ten notes of each of ten users. */
export async function notesDatabase(): Promise<TestDatabase> {
  const database = await testDatabase();
  await database.sql.unsafe(`
    create table public.notes (
      id int primary key generated always as identity (start with 1000),
      owner text not null default auth.uid()::text,
      body text not null unique,
      meta jsonb,
      seen_at timestamptz
    );
    alter table public.notes enable row level security;
    create policy own_notes on public.notes for all to anon, authenticated
      using (owner = (select auth.uid())::text) with check (owner = (select auth.uid())::text);
    grant select, insert, update, delete on public.notes to anon, authenticated, service_role;
    insert into public.notes (id, owner, body) overriding system value
      select i, '00000000-0000-4000-8000-00000000000' || i % 10, 'note ' || i from generate_series(1, 100) as i;
  `);
  return database;
}

/** The user with the given number, 0 to 9. */
export function user(number: number): Caller {
  const userId = `00000000-0000-4000-8000-00000000000${number}`;
  return {
    kind: "user",
    userId,
    role: "authenticated",
    isAnonymous: false,
    clientAddress: "127.0.0.1",
    claims: { sub: userId, role: "authenticated", name: 'O\'Brien \\ "x" $1 \u00e9' },
  };
}

/** A caller with no more than a publishable key. */
export const publishable: Caller = { kind: "publishable", keyName: "default", clientAddress: "127.0.0.1" };

/** A caller with a secret key. */
export const secret: Caller = { kind: "secret", keyName: "default", clientAddress: "127.0.0.1" };

/** A client of one connection that closes at the end of the block. */
export function client(
  url: string,
  options: SqlClientOptions & { isPooled?: boolean; poolSize?: number } = {},
): SqlClient & AsyncDisposable {
  const { isPooled = false, poolSize = 1, ...rest } = options;
  const settings = { ...parseConnectionUrl(url), isPooled, poolSize, applicationName: "ballast/test" };
  const made = createSqlClient(settings, { connectTimeoutSeconds: 5, ...rest });
  return { ...made, [Symbol.asyncDispose]: () => made.close(1) };
}
