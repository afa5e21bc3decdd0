import type { DeadLetterStore } from "./deadLetter.ts";
import type { HealStore } from "./heal.ts";
import type { NotedRowStore } from "./notedRows.ts";
import type { RescueStore } from "./rescue.ts";

/**
 * All that healing writes down. What it writes about a write it writes in that write's transaction, whoever's rights that
 * has; everything else takes rights of the service.
 */
export interface HealingLedger extends HealStore, RescueStore, NotedRowStore, DeadLetterStore {}
