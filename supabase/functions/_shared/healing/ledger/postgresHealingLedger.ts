import type { SqlTag } from "../../db/database.ts";
import type { HealingLedger } from "./healingLedger.ts";
import { postgresDeadLetterStore } from "./postgresDeadLetterStore.ts";
import { postgresHealStore } from "./postgresHealStore.ts";
import { postgresNotedRowStore } from "./postgresNotedRowStore.ts";
import { postgresRescueStore } from "./postgresRescueStore.ts";

/** The ledger in schema `resilience`. Pass a transaction's tag to write, or to take, together with other changes. */
export function postgresHealingLedger(sql: SqlTag): HealingLedger {
  return {
    ...postgresHealStore(sql),
    ...postgresRescueStore(sql),
    ...postgresNotedRowStore(sql),
    ...postgresDeadLetterStore(sql),
  };
}
