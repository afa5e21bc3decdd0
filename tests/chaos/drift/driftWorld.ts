import type postgres from "postgres";
import { connect } from "../../../local/database/connect.ts";
import type { ResilientDb } from "../../../supabase/functions/_shared/healing/client/resilientDb.ts";
import { createSchemaVersionManager } from "../../../supabase/functions/_shared/schemaVersioning.ts";
import { testDatabase } from "../../harness/testDatabase.ts";
import { findPgbouncer, startPgbouncer } from "../../integration/connectPgbouncer.ts";
import { type PostgrestStandIn, startPostgrestStandIn } from "../../postgrest/postgrestStandIn.ts";
import type { Drift, DriftRoute } from "./drift.ts";

/** The ways to the database; where no pgbouncer is installed its share goes directly. */
export interface DriftAddresses {
  readonly direct: string;
  readonly pgbouncer: string;
  readonly postgrest: Pick<PostgrestStandIn, "url" | "secretKey">;
}

/** Opens what is under test; each call is an isolate of its own. */
export type OpenIsolate = (route: DriftRoute, addresses: DriftAddresses) => ResilientDb;

/** A database in which drifts happen, somebody who looks at its schema, and isolates that write to it. */
export interface DriftWorld extends AsyncDisposable {
  /** Connections of the test itself, in UTC. */
  readonly sql: postgres.Sql;
  /** Looks at the schema, as any isolate, poll or notice would. */
  look(): Promise<void>;
  /** The isolate that makes a drift's calls: an old one that is shared, or one that nobody else uses. */
  isolateFor(drift: Pick<Drift, "route" | "isFreshIsolate">): ResilientDb;
  /** Ends an isolate that nobody else uses. */
  leave(isolate: ResilientDb): Promise<void>;
}

/** Opens a {@link DriftWorld} on a database of its own. */
export async function openDriftWorld(open: OpenIsolate): Promise<DriftWorld> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await testDatabase());
  const name = new URL(database.url).pathname.slice(1);
  {
    // `with time zone` is read in the session's zone where a payload names none.
    await using superuser = connect(database.superuserUrl);
    await superuser.unsafe(`alter database "${name}" set timezone = 'UTC'`);
  }
  const sql = stack.adopt(connect(database.url, { max: 2 }), (sql) => sql.end({ timeout: 5 }));
  const binary = await findPgbouncer();
  const pooler = binary === undefined ? database : stack.use(await startPgbouncer(binary, database.url));
  const addresses: DriftAddresses = {
    direct: database.url,
    pgbouncer: pooler.url,
    postgrest: stack.use(await startPostgrestStandIn(database.url)),
  };
  const watcher = createSchemaVersionManager(database.url, { pollIntervalMs: 0 });
  stack.defer(() => watcher.close());
  await watcher.initialize();
  const old = new Map<DriftRoute, ResilientDb>();
  const fresh = new Set<ResilientDb>();
  stack.defer(async () => {
    for (const isolate of [...old.values(), ...fresh]) await isolate.close();
  });
  const moved = stack.move();
  return {
    sql,
    look: async () => void await watcher.check(),
    isolateFor({ route, isFreshIsolate }) {
      const known = isFreshIsolate ? undefined : old.get(route);
      if (known !== undefined) return known;
      const isolate = open(route, addresses);
      if (isFreshIsolate) fresh.add(isolate);
      else old.set(route, isolate);
      return isolate;
    },
    async leave(isolate) {
      if (fresh.delete(isolate)) await isolate.close();
    },
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}
