import type { SqlTag } from "../../_shared/db/database.ts";
import type { ResilientStatements } from "../../_shared/healing/client/resilientDb.ts";
import type { Random } from "../../_shared/random/random.ts";
import type { Clock } from "../../_shared/time/clock.ts";

/** What recommending needs of a request. A `RequestContext` is one. */
export interface RecommendationDeps {
  /** The database under the caller's claims. */
  readonly db: { readonly call: SqlTag; readonly rpc: ResilientStatements["rpc"] };
  readonly clock: Clock;
  readonly random: Random;
  /** The list that was shown is noted after the answer has left. */
  waitUntil(work: Promise<unknown>): void;
}
