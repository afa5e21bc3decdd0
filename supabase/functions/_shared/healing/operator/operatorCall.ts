import { toDbFailure } from "../../connect/toDbFailure.ts";
import type { HealingDeps, HealingKernel } from "../client/healingDeps.ts";
import type { DbResult } from "../client/resilientDb.ts";
import { ResilientDbError } from "../client/resilientDbError.ts";
import { OperatorRefusal } from "./operatorRefusal.ts";

/** Runs an operator's call once all that was noted is written down: what is expected to fail is an answer, not thrown. */
export async function operatorCall<Data>(
  deps: HealingDeps,
  work: (kernel: HealingKernel) => Promise<Data>,
): Promise<DbResult<Data>> {
  const startedAt = deps.clock.monotonic();
  const effort = () => ({ healing: [], attempts: 1, durationMs: deps.clock.monotonic() - startedAt });
  try {
    const kernel = deps.kernel();
    if (kernel === undefined) {
      throw new OperatorRefusal(
        "NO_LEDGER",
        "Cannot reach the ledger as there is no connection to it: see option 'ledger'",
      );
    }
    await deps.journal.flush();
    await deps.learner.flush();
    return { data: await work(kernel), error: null, ...effort() };
  } catch (error) {
    if (error instanceof OperatorRefusal) {
      const { code, message } = error;
      const failure = { code, kind: "other", message, isOutcomeUnknown: false, cause: undefined } as const;
      return { data: null, error: new ResilientDbError(failure), ...effort() };
    }
    const failure = toDbFailure(error);
    if (failure.code === "UNKNOWN") throw error;
    return { data: null, error: new ResilientDbError(failure), ...effort() };
  }
}
