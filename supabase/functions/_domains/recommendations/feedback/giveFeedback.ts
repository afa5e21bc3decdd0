import * as z from "zod";
import { answerOf } from "../../../_shared/healing/client/answerOf.ts";
import type { RequestContext } from "../../../_shared/http/context.ts";

/** What a shopper says of one product they were recommended. */
export const GiveFeedbackInput = z.strictObject({
  recommendationId: z.guid(),
  productId: z.guid(),
  /**
   * `dismiss`: not this product any more; `not_interested`: nor what is like it; `undo`: neither; `helpful`: a good one.
   */
  action: z.enum(["dismiss", "not_interested", "undo", "helpful"]),
});

/** What is so from now on. */
export const GiveFeedbackOutput = z.object({
  recommendationId: z.string(),
  productId: z.string(),
  /** Whether the product is left out from now on, and what the shopper said. */
  dismissed: z.enum(["dismiss", "not_interested"]).nullable(),
});

/** Keeps what a shopper says; honoured by the next answer. */
export async function giveFeedback(
  { recommendationId, productId, action }: z.output<typeof GiveFeedbackInput>,
  ctx: Pick<RequestContext, "db" | "sessionKey">,
): Promise<z.input<typeof GiveFeedbackOutput>> {
  const said = answerOf(
    await ctx.db.rpc("recommendations.take_feedback", {
      p_session_key: ctx.sessionKey ?? null,
      p_list_id: recommendationId,
      p_product_id: productId,
      p_action: action,
    }, { deadLetter: false }),
  );
  return { recommendationId, productId, dismissed: said as "dismiss" | "not_interested" | null };
}
