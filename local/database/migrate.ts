import { isDeepStrictEqual } from "node:util";
import type postgres from "postgres";
import { connect } from "./connect.ts";
import { MigrationError } from "./migrationError.ts";
import { type Migration, readMigrations } from "./migrationFiles.ts";
import { ensureHistory, hasHistory, readHistory, recordMigration } from "./migrationHistory.ts";

/** Options of {@link migrate}. */
export interface MigrateOptions {
  url: string;
  /** The folder of the migrations. */
  folder: string;
  /** Hears of each migration before it is applied. @default nobody */
  onMigration?: (fileName: string) => void;
  /** Hears of each file that is not any more what was applied. @default nobody */
  onChanged?: (fileName: string) => void;
}

/** Any number, the same for all who migrate; held for a transaction, so that it works through a pooler. */
const lockKey = 7_208_119_002;

async function asOwner<Result>(sql: postgres.Sql, work: (sql: postgres.ISql) => Promise<Result>): Promise<Result> {
  const result = await sql.begin(async (transaction) => {
    // The CLI works as 'postgres' whoever signs in, so that every object has one owner.
    await transaction`set local role postgres`;
    await transaction`select pg_advisory_xact_lock(${lockKey})`;
    return await work(transaction);
  });
  return result as Result;
}

async function apply(sql: postgres.Sql, migration: Migration): Promise<boolean> {
  await sql`reset all`; // What the migration before has set is not for this one, as in the CLI.
  return await asOwner(sql, async (transaction) => {
    const history = await readHistory(transaction);
    if (history.some(({ version }) => version === migration.version)) return false; // Another starter was faster.
    for (const [index, statement] of migration.statements.entries()) {
      await transaction.unsafe(statement).catch((cause) => {
        throw new MigrationError(migration, index, cause);
      });
    }
    // A migration may have changed its role.
    await transaction`set local role postgres`;
    await recordMigration(transaction, migration);
    return true;
  });
}

/**
 * Brings a database up to date with a folder of migrations and records them as `supabase db push` does, so that the CLI
 * agrees about what has been applied. Each migration is one transaction. Returns the files it applied.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const { url, folder, onMigration = () => {}, onChanged = () => {} } = options;
  const migrations = await readMigrations(folder);
  await using sql = connect(url);
  if (!(await hasHistory(sql))) await asOwner(sql, ensureHistory);
  const recorded = new Map((await readHistory(sql)).map(({ version, statements }) => [version, statements]));
  const unknown = [...recorded.keys()].filter((version) => !migrations.some((one) => one.version === version));
  if (unknown.length > 0) {
    throw new Error(
      `Cannot migrate as the database has migrations that '${folder}' lacks: ${unknown.join(", ")}; ` +
        "check out the branch that has them, or start over with '--fresh'",
    );
  }
  const done: string[] = [];
  for (const migration of migrations) {
    const statements = recorded.get(migration.version);
    if (statements && !isDeepStrictEqual([...statements], migration.statements)) onChanged(migration.fileName);
    if (statements !== undefined) continue;
    onMigration(migration.fileName);
    if (await apply(sql, migration)) done.push(migration.fileName);
  }
  return done;
}
