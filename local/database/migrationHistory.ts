import type postgres from "postgres";
import type { Migration } from "./migrationFiles.ts";

/** The table the Supabase CLI keeps, made statement by statement as version 3.1 makes it. */
export async function ensureHistory(sql: postgres.ISql): Promise<void> {
  await sql`create schema if not exists supabase_migrations`;
  await sql`create table if not exists supabase_migrations.schema_migrations (version text not null primary key)`;
  await sql`alter table supabase_migrations.schema_migrations add column if not exists statements text[]`;
  await sql`alter table supabase_migrations.schema_migrations add column if not exists name text`;
}

/** Whether the table is there with all its columns; a fresh start asks before it changes anything. */
export async function hasHistory(sql: postgres.ISql): Promise<boolean> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count
    from pg_catalog.pg_attribute
    where attrelid = to_regclass('supabase_migrations.schema_migrations')
      and attname in ('version', 'name', 'statements') and not attisdropped`;
  return row?.count === 3;
}

/** What is on record of a migration; the CLI of old recorded no statements. */
export interface RecordedMigration {
  readonly version: string;
  readonly statements: readonly string[] | null;
}

/** The migrations on record, oldest first. */
export async function readHistory(sql: postgres.ISql): Promise<RecordedMigration[]> {
  return await sql<RecordedMigration[]>`
    select version, statements from supabase_migrations.schema_migrations order by version`;
}

/** Puts a migration on record, as `supabase db push` does after its last statement. */
export async function recordMigration(sql: postgres.ISql, migration: Migration): Promise<void> {
  const { version, name, statements } = migration;
  await sql`
    insert into supabase_migrations.schema_migrations (version, name, statements)
    values (${version}, ${name}, ${[...statements]})`;
}
