import * as z from "zod";
import { discardDeadLetters } from "../../../_shared/healing/ledger/discardDeadLetters.ts";
import { callerName } from "../callerName.ts";
import { reason } from "../flags/flagSchemas.ts";
import type { OperatorContext } from "../operatorDb.ts";
import { ledgerId } from "../opsSchemas.ts";

/** Letters to give up. Fields that were set aside are never discarded: they are what their row's payload is rebuilt from. */
export const DiscardLettersInput = z.strictObject({
  action: z.literal("discard"),
  ids: z.array(ledgerId).min(1).max(200),
  reason: reason.min(1),
});

/** What became of them. */
export const DiscardLettersOutput = z.object({
  action: z.literal("discard"),
  discarded: z.array(z.string()),
  /** Landed or discarded before: nothing was changed. */
  settled: z.array(z.object({ id: z.string(), outcome: z.string(), by: z.string().nullable() })),
  unknown: z.array(z.string()),
});

/** Gives letters up; doing it again changes nothing. */
export async function discardLetters(
  { ids, reason }: z.output<typeof DiscardLettersInput>,
  { admin, caller, log }: OperatorContext,
): Promise<z.input<typeof DiscardLettersOutput>> {
  const by = callerName(caller);
  const { discarded, settled, unknown } = await discardDeadLetters(admin.sql, ids, { by, reason });
  log.info("Letters were discarded", { by, count: discarded.length, reason });
  return { action: "discard", discarded: [...discarded], settled: [...settled], unknown: [...unknown] };
}
