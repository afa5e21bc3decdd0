import type { Database } from "../db/database.ts";
import type { TelemetryStore } from "./telemetryStore.ts";

/** Telemetry in the tables of schema `resilience`: one statement a flush. */
export function postgresTelemetryStore(open: (signal: AbortSignal) => Pick<Database, "sql">): TelemetryStore {
  return {
    async record({ isolate, writer }, frames, signal) {
      await open(signal).sql`select resilience.record_telemetry(${isolate}, ${writer}::uuid, ${{ frames }}::jsonb)`;
    },
  };
}
