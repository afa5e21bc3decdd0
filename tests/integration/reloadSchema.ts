import assert from "node:assert/strict";
import { waitUntil } from "../../local/database/waitUntil.ts";
import type { Connector } from "../../supabase/functions/_shared/connect/connector.ts";
import type { TestDatabase } from "../harness/testDatabase.ts";
import { table } from "./connectFixture.ts";

/** Has PostgREST look at the schema again, and resolves once it has: it then knows a function made just before. */
export async function reloadSchema(connector: Connector, { sql }: TestDatabase): Promise<void> {
  const name = `seen_${crypto.randomUUID().replaceAll("-", "")}`;
  await sql.unsafe(`create function public.${name}() returns int language sql set search_path = '' as 'select 1'`);
  await sql`notify pgrst, 'reload schema'`;
  if (connector.kind !== "postgrest") return;
  const isSeen = async () => (await connector.rpc(table(name), {})).failure?.code !== "PGRST202";
  assert.ok(await waitUntil(isSeen, { timeoutMs: 30_000 }), "PostgREST did not reload the schema");
}
