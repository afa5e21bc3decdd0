import type { SqlTag } from "../../supabase/functions/_shared/db/database.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";

/** Statements that make `public.payments`, which takes the same payment twice without complaint: doubles show. */
export const paymentsTable = `
  create table public.payments (id bigint primary key generated always as identity, name text not null);
  create index on public.payments (name);
`;

/** A database with `public.payments`. */
export async function paymentsDatabase(): Promise<TestDatabase> {
  const database = await testDatabase();
  await database.sql.unsafe(paymentsTable);
  return database;
}

/** The work under test: one payment. */
export async function pay(sql: SqlTag, name: string): Promise<{ id: string }> {
  const [row] = await sql<{ id: string }>`insert into public.payments (name) values (${name}) returning id::text`;
  return row!;
}
