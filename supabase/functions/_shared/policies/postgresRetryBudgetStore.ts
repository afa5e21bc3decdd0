import type { Database } from "../db/database.ts";
import type { RetryBudgetStore } from "./retryBudget.ts";

/** Reserves in Postgres, by its clock: one statement a lease. The database is opened with the first of them. */
export function postgresRetryBudgetStore(database: () => Database): RetryBudgetStore {
  return {
    async lease({ budget, reserve, refillMs, earned, wanted }) {
      const [row] = await database().sql<{ granted: number }>`
        select resilience.lease_retries(
          ${budget}, ${reserve}::integer, ${refillMs}::integer, ${earned}::double precision, ${wanted}::integer
        ) as granted`;
      if (row === undefined) throw new Error(`Cannot lease retries for '${budget}' as the database gave no row`);
      return { granted: row.granted };
    },
  };
}
