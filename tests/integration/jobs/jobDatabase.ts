import type postgres from "postgres";
import { createSqlClient } from "../../../supabase/functions/_shared/db/sqlClient.ts";
import { adminDatabase } from "../../../supabase/functions/_shared/db/adminDatabase.ts";
import type { Database } from "../../../supabase/functions/_shared/db/database.ts";
import { testDatabase } from "../../harness/testDatabase.ts";

/** A migrated database of one's own, seen as the functions see it, over as many connections as a test has runners. */
export interface JobDatabase extends AsyncDisposable {
  readonly admin: Database;
  /** Connections of the test itself. */
  readonly sql: postgres.Sql;
  readonly url: string;
  /** Sets up a stand-in that lies beside the tests. */
  install(standIn: "pgmqStandIn.sql" | "cronStandIn.sql"): Promise<void>;
}

/** Opens a {@link JobDatabase}; its schedules are empty. */
export async function jobDatabase(
  options: { connections?: number; keepSchedules?: boolean } = {},
): Promise<JobDatabase> {
  const { connections = 4, keepSchedules = false } = options;
  const database = await testDatabase();
  const client = createSqlClient({
    url: database.url,
    isPooled: false,
    poolSize: connections,
    applicationName: "jobs-test",
  });
  if (!keepSchedules) await database.sql`delete from resilience.job_schedules`;
  return {
    admin: adminDatabase(client),
    sql: database.sql,
    url: database.url,
    async install(standIn) {
      await database.sql.unsafe(await Deno.readTextFile(new URL(standIn, import.meta.url)));
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** Plants a schedule named `name`. */
export async function addSchedule(
  sql: postgres.Sql,
  name: string,
  columns: { cron?: string; leaseSeconds?: number; maxAttempts?: number; maxGap?: string; isEnabled?: boolean } = {},
): Promise<void> {
  const { cron = "* * * * *", leaseSeconds = 60, maxAttempts = 5, maxGap = "1 hour", isEnabled = true } = columns;
  await sql`
    insert into resilience.job_schedules (name, cron, function_name, lease_seconds, max_attempts, max_gap, is_enabled)
    values (${name}, ${cron}, 'some-job', ${leaseSeconds}, ${maxAttempts}, ${maxGap}, ${isEnabled})`;
}

/** Lets the leases of a job run out, as if its runner had died a while ago. */
export async function expireLease(sql: postgres.Sql, job: string): Promise<void> {
  await sql`
    update resilience.job_runs set lease_expires_at = clock_timestamp() - interval '1 ms'
    where job_name = ${job} and state = 'running'`;
}
