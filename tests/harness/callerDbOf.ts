import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { callerDatabase } from "../../supabase/functions/_shared/db/callerDatabase.ts";
import { parseConnectionUrl } from "../../supabase/functions/_shared/db/connectionSettings.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { openSharedHealing } from "../../supabase/functions/_shared/healing/client/sharedHealing.ts";
import type { Caller } from "../../supabase/functions/_shared/http/caller.ts";
import { type CallerDb, callerDb } from "../../supabase/functions/_shared/http/callerDb.ts";
import type { TestDatabase } from "./testDatabase.ts";

/** Databases under callers' claims, as an isolate has them: one pool and one healing for all. */
export interface CallerDbs extends AsyncDisposable {
  as(caller: Caller): CallerDb;
  /** Waits until what was noted of their writes is written down. */
  flush(): Promise<void>;
}

/** Opens a database for use cases of several callers. */
export function callerDbOf(database: Pick<TestDatabase, "url">, poolSize = 4): CallerDbs {
  const client = createSqlClient({
    ...parseConnectionUrl(database.url),
    isPooled: false,
    poolSize,
    applicationName: "ballast/caller-test",
  });
  const healing = openSharedHealing(adminDatabase(client), { waitUntil: (work) => void work.catch(() => {}) });
  return {
    as: (caller) => callerDb(callerDatabase(client, caller), () => Promise.resolve(healing), { caller }),
    flush: () => healing.flush(),
    async [Symbol.asyncDispose]() {
      await healing.close();
      await client.close();
    },
  };
}

/** A user as a caller. */
export function userCaller(userId: string): Caller {
  const claims = { sub: userId, role: "authenticated" };
  return { kind: "user", userId, role: "authenticated", isAnonymous: false, clientAddress: "127.0.0.1", claims };
}
