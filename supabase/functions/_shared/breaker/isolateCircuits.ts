import { adminDatabase } from "../db/adminDatabase.ts";
import { sqlClient } from "../db/sqlClient.ts";
import { denoPlatform } from "../platform/denoPlatform.ts";
import { currentIsolate } from "../platform/isolate.ts";
import { jsonLogger } from "../telemetry/jsonLogger.ts";
import { CircuitRegistry } from "./circuitRegistry.ts";
import type { CircuitStore } from "./circuitStore.ts";
import { postgresCircuitStore } from "./postgresCircuitStore.ts";

/** Where the platform names a database, circuits are shared through it. */
function platformStore(): CircuitStore | undefined {
  const hasDatabase = ["BALLAST_DB_URL", "SUPABASE_DB_URL"].some((name) => denoPlatform.env(name) !== undefined);
  return hasDatabase ? postgresCircuitStore(() => adminDatabase(sqlClient())) : undefined;
}

/** This isolate's circuits. Nothing is opened, and no environment read, before one of them is used. */
export const circuitBreakerRegistry: CircuitRegistry = new CircuitRegistry({
  store: platformStore,
  isolate: () => currentIsolate().id,
  log: jsonLogger(),
});
