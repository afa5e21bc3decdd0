import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { parseConnectionUrl } from "../../supabase/functions/_shared/db/connectionSettings.ts";
import type { Database } from "../../supabase/functions/_shared/db/database.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import type { TestDatabase } from "../harness/testDatabase.ts";

/** The database with all rights, over connections as an isolate has them. */
export function openAdmin(database: TestDatabase, poolSize = 5): Database & AsyncDisposable {
  const client = createSqlClient({ ...parseConnectionUrl(database.url), poolSize, applicationName: "ballast/ai-test" });
  return { ...adminDatabase(client), [Symbol.asyncDispose]: () => client.close() };
}
