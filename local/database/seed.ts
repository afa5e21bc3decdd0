import { createHash } from "node:crypto";
import type postgres from "postgres";
import { connect } from "./connect.ts";

/** Options of {@link seed}. */
export interface SeedOptions {
  url: string;
  /** The file of SQL; none is fine. */
  file: string;
  /** How the file is called in the record. @default "supabase/seed.sql" */
  path?: string;
}

/**
 * Fills a database that has not been seeded yet, and records it as `supabase db push --include-seed` does. A seed that
 * changed later is not applied again: the data are the developer's by then. Returns whether it was applied.
 */
export async function seed(options: SeedOptions): Promise<boolean> {
  const { url, file, path = "supabase/seed.sql" } = options;
  const text = await Deno.readTextFile(file).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (text === undefined) return false;
  const hash = createHash("sha256").update(text).digest("hex");
  await using sql = connect(url);
  return await sql.begin(async (transaction) => {
    await transaction`set local role postgres`;
    await transaction`
      create table if not exists supabase_migrations.seed_files (path text not null primary key, hash text not null)`;
    const recorded = await transaction`
      insert into supabase_migrations.seed_files (path, hash) values (${path}, ${hash}) on conflict do nothing
      returning path`;
    if (recorded.length === 0) return false;
    await transaction.unsafe(text).catch((cause: postgres.PostgresError) => {
      throw new Error(`Cannot seed the database as '${path}' failed: ${cause.message} (${cause.code})`, { cause });
    });
    return true;
  });
}
