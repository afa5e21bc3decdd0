import * as z from "zod";
import { undoHeal as takeBack } from "../../_shared/healing/operator/undoHeal.ts";
import { callerName } from "./callerName.ts";
import { reason } from "./flags/flagSchemas.ts";
import { type OperatorContext, withOperatorDb } from "./operatorDb.ts";
import { ledgerId } from "./opsSchemas.ts";
import { settleOperatorCall } from "./settleOperatorCall.ts";

/** A heal to take back. */
export const UndoHealInput = z.strictObject({
  /** The heal's. */
  id: ledgerId,
  reason: reason.optional(),
});

/** What came of it. */
export const UndoHealOutput = z.object({
  id: z.string(),
  undoneBy: z.string(),
  /** Rows whose value was set aside again; what was changed since stays as it is. */
  rows: z.number(),
});

/** Takes a heal back, once: whoever comes second is told so. */
export async function undoHeal(
  { id, reason }: z.output<typeof UndoHealInput>,
  ctx: OperatorContext,
): Promise<z.input<typeof UndoHealOutput>> {
  const by = callerName(ctx.caller);
  const { rows } = settleOperatorCall(
    await withOperatorDb(
      ctx,
      (db) =>
        db.call((kernel, deps) => takeBack(deps, kernel, id, { by, ...(reason === undefined ? {} : { reason }) })),
    ),
  );
  return { id, undoneBy: by, rows };
}
