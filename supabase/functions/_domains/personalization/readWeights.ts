import * as z from "zod";
import type { RequestContext } from "../../_shared/http/context.ts";
import { vendorId, weights } from "./weights/weightSchemas.ts";

const historyLength = 50;

/** The query of personalization-weights. */
export const ReadWeightsInput = z.strictObject({ vendorId });

/** Weights in force, and the versions that were, the newest first. */
export const ReadWeightsOutput = z.object({
  vendorId: z.string().nullable(),
  /** What counts after all: the vendor's own weights over the market's. */
  effective: weights,
  versions: z.array(z.object({
    version: z.number(),
    /** A vendor's version names its own weights alone. */
    weights,
    note: z.string().nullable(),
    changedBy: z.string(),
    changedAt: z.string(),
  })),
});

/** Reads the weights of a vendor, for those who act for it, or of the market, for holders of the secret key. */
export async function readWeights(
  { vendorId = undefined }: z.output<typeof ReadWeightsInput>,
  { db }: Pick<RequestContext, "db">,
): Promise<z.input<typeof ReadWeightsOutput>> {
  const [row] = await db.call<{ read: Omit<z.input<typeof ReadWeightsOutput>, "vendorId"> }>`
    select personalization.read_weights(${vendorId ?? null}::uuid, ${historyLength}::integer) as read`;
  return { vendorId: vendorId ?? null, ...row!.read };
}
