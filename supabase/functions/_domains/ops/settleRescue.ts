import * as z from "zod";
import { discardLetters, DiscardLettersInput, DiscardLettersOutput } from "./rescue/discardLetters.ts";
import { replayBatch, ReplayBatchInput, ReplayBatchOutput } from "./rescue/replayBatch.ts";
import type { OperatorContext } from "./operatorDb.ts";

/** What to do with what is kept. */
export const SettleRescueInput = z.discriminatedUnion("action", [ReplayBatchInput, DiscardLettersInput]);

/** What came of it. */
export const SettleRescueOutput = z.discriminatedUnion("action", [ReplayBatchOutput, DiscardLettersOutput]);

/** Sends kept writes again and moves kept fields, or gives letters up. */
export async function settleRescue(
  input: z.output<typeof SettleRescueInput>,
  ctx: OperatorContext,
): Promise<z.input<typeof SettleRescueOutput>> {
  return input.action === "replay" ? await replayBatch(input, ctx) : await discardLetters(input, ctx);
}
