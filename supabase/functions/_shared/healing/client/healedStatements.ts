import { runBatch } from "../batch/runBatch.ts";
import { callBehindBreaker, guardStatements } from "../spill/guardStatements.ts";
import type { HealingDeps } from "./healingDeps.ts";
import { openStatements } from "./openStatements.ts";
import type { ResilientDb, ResilientStatements } from "./resilientDb.ts";
import { runInTransaction } from "./runInTransaction.ts";
import { statementShape } from "./statementShape.ts";
import { hasLostRows, isError, tellCall, tellStatements } from "./tellStatements.ts";

/** Statements that heal, under the rights of whoever's database they go through. */
export type HealedStatements = ResilientStatements & Pick<ResilientDb, "batch" | "transaction">;

/** Puts statements behind the breaker, and tells of them where somebody listens. */
export function healedStatements(deps: HealingDeps): HealedStatements {
  return {
    ...tellStatements(deps, guardStatements(deps, openStatements(deps))),
    batch(table, rows, how) {
      if (!deps.hub.isWatched) return runBatch(deps, table, rows, how);
      const shape = () => statementShape({ verb: "batch", table, rows });
      return tellCall(deps, "db.batch", shape, () => runBatch(deps, table, rows, how), hasLostRows);
    },
    transaction(work, how) {
      const run = () => callBehindBreaker(deps, () => runInTransaction(deps, work, how));
      return deps.hub.isWatched ? tellCall(deps, "db.transaction", () => "transaction", run, isError) : run();
    },
  };
}
