import { createClient } from "@supabase/supabase-js";
import type { Connector } from "../../supabase/functions/_shared/connect/connector.ts";
import { openConnector } from "../../supabase/functions/_shared/connect/openConnector.ts";
import type { SchemaSnapshot } from "../../supabase/functions/_shared/schema/snapshot.ts";
import { readSnapshot } from "../../supabase/functions/_shared/schema/readSnapshot.ts";
import type { SqlTag } from "../../supabase/functions/_shared/db/database.ts";
import type { TestDatabase } from "../harness/testDatabase.ts";
import { type PostgrestStandIn, startPostgrestStandIn } from "../postgrest/postgrestStandIn.ts";
import { thingsDatabase } from "./connectFixture.ts";

/** One database, both ways to it, and what its schema is. */
export interface DiagnosisStack extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly standIn: PostgrestStandIn;
  readonly connectors: readonly [postgres: Connector, postgrest: Connector];
  /** Another way there, for failures alone: it learns no types. */
  readonly untaught: Connector;
  readonly snapshot: SchemaSnapshot;
}

/** Brings up both connectors on the contract's tables. */
export async function diagnosisStack(): Promise<DiagnosisStack> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await thingsDatabase());
  await database.sql.unsafe(`
    create unique index one_short on public.things (short, ratio);
    create table public.counted (id int generated always as identity primary key, note text);
    grant all on public.counted to service_role;
  `);
  const standIn = stack.use(await startPostgrestStandIn(database.url));
  const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };
  const postgres = openConnector(database.url);
  const untaught = openConnector(database.url);
  stack.defer(() => postgres.close());
  stack.defer(() => untaught.close());
  const postgrest = openConnector(createClient(standIn.url, standIn.secretKey, { auth }));
  const snapshot = await readSnapshot(database.sql as unknown as SqlTag, ["public"]);
  const moved = stack.move();
  return {
    database,
    standIn,
    connectors: [postgres, postgrest],
    untaught,
    snapshot,
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}
