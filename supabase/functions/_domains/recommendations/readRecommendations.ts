import type * as z from "zod";
import type { RequestContext } from "../../_shared/http/context.ts";
import { recommendFor } from "./recommendFor.ts";
import type { ReadRecommendationsInput, ReadRecommendationsOutput } from "./recommendationSchemas.ts";

/** Recommends products to whoever asks. */
export async function readRecommendations(
  { productId, productIds, ...request }: z.output<typeof ReadRecommendationsInput>,
  ctx: RequestContext,
): Promise<z.input<typeof ReadRecommendationsOutput>> {
  const named = productId === undefined ? productIds : [productId];
  const { items, ...answer } = await recommendFor(ctx, ctx.sessionKey, { ...request, productIds: named });
  return { ...answer, kind: request.kind, items: [...items] };
}
