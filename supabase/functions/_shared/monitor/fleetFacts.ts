import type { SqlTag } from "../db/database.ts";

/** What is counted where it is recorded for good, not where isolates tell of it. */
export interface FleetFacts {
  /** Times that a circuit opened for the fleet. */
  readonly circuitTrips: number;
  readonly schemaChanges: number;
}

/** Counts what happened from one moment until before another. */
export type ReadFleetFacts = (window: { readonly fromMs: number; readonly toMs: number }) => Promise<FleetFacts>;

/** Facts from the registers of circuits and of schema versions. */
export function postgresFleetFacts(sql: SqlTag): ReadFleetFacts {
  return async ({ fromMs, toMs }) => {
    const [from, to] = [new Date(fromMs), new Date(toMs)];
    // An override of a circuit that is open is a change of its own, in the epoch of the trip.
    const [row] = await sql<{ trips: number; changes: number }>`
      select (select count(*)::integer from resilience.circuit_changes change
          where change.phase = 'open' and change.changed_at >= ${from}::timestamptz and change.changed_at < ${to}::timestamptz
            and not exists (select from resilience.circuit_changes earlier
              where earlier.circuit = change.circuit and earlier.epoch = change.epoch and earlier.id < change.id)) as trips,
        (select count(*)::integer from resilience.schema_changes change
          join resilience.schema_versions version using (version)
          where version.created_at >= ${from}::timestamptz and version.created_at < ${to}::timestamptz) as changes`;
    return { circuitTrips: row?.trips ?? 0, schemaChanges: row?.changes ?? 0 };
  };
}
