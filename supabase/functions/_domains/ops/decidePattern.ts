import * as z from "zod";
import { decidePattern as decide } from "../../_shared/healing/operator/decidePattern.ts";
import { callerName } from "./callerName.ts";
import { reason } from "./flags/flagSchemas.ts";
import { healingPattern, patternState, shownPattern } from "./healing/healSchemas.ts";
import { type OperatorContext, withOperatorDb } from "./operatorDb.ts";
import { ledgerId } from "./opsSchemas.ts";
import { settleOperatorCall } from "./settleOperatorCall.ts";

/** What to do with a pattern. */
export const DecidePatternInput = z.strictObject({
  /** The pattern's. */
  id: ledgerId,
  decision: z.enum(["approve", "reject"]),
  /** The state in which the caller has seen it: in another one by now, nothing is changed. @default any */
  seen: patternState.optional(),
  reason: reason.optional(),
});

/** The pattern as it is now. */
export const DecidePatternOutput = z.object({ pattern: healingPattern });

/**
 * Says yes or no to a pattern. The state is compared, not the version: outcomes of writes change that all the time, and a
 * wrong pattern under load must be rejectable at once.
 */
export async function decidePattern(
  { id, decision, seen, reason }: z.output<typeof DecidePatternInput>,
  ctx: OperatorContext,
): Promise<z.input<typeof DecidePatternOutput>> {
  const note = {
    by: callerName(ctx.caller),
    ...(seen === undefined ? {} : { seen }),
    ...(reason === undefined ? {} : { reason }),
  };
  const pattern = settleOperatorCall(
    await withOperatorDb(ctx, (db) => db.call((kernel, deps) => decide(deps, kernel, decision, id, note))),
  );
  return { pattern: shownPattern(pattern) };
}
