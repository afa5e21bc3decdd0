import { join } from "node:path";
import type postgres from "postgres";
import { connect } from "./connect.ts";
import { readSqlFiles } from "./sqlFiles.ts";

/** The folder of the parts, applied in the order of their names. */
export const bootstrapFolder = join(import.meta.dirname!, "bootstrap");

/** Any number, the same for all who start a stack. */
const lockKey = 7_208_119_001;

/**
 * Gives a bare database what every Supabase project has: roles, schemas `auth`, `extensions` and `vault`. Each part is
 * skipped where it exists, so on a database of Supabase's nothing happens. One transaction: it lands whole.
 */
export async function bootstrap(url: string): Promise<void> {
  const parts = await readSqlFiles(bootstrapFolder);
  await using sql = connect(url);
  await sql.begin(async (transaction) => {
    await transaction`select pg_advisory_xact_lock(${lockKey})`;
    for (const { name, text } of parts) {
      await transaction.unsafe(text).catch((cause: postgres.PostgresError) => {
        throw new Error(`Cannot prepare the database as '${name}' failed: ${cause.message}`, { cause });
      });
    }
  });
}
