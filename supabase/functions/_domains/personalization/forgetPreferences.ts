import * as z from "zod";
import { answerOf } from "../../_shared/healing/client/answerOf.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { requireSubject } from "./subject/requireSubject.ts";

/** Forgetting takes no input. */
export const ForgetPreferencesInput = z.strictObject({});

/** What was erased: rows, by what they were. */
export const ForgetPreferencesOutput = z.object({
  profileVersion: z.number(),
  erased: z.record(z.string(), z.number()),
});

/** Erases what was learned of the caller, and what it was learned from. Events from before that come late are ignored. */
export async function forgetPreferences(
  _input: z.output<typeof ForgetPreferencesInput>,
  ctx: Pick<RequestContext, "db" | "caller" | "sessionKey">,
): Promise<z.input<typeof ForgetPreferencesOutput>> {
  requireSubject(ctx, "forget");
  const forgotten = await ctx.db.rpc("personalization.forget_me", { p_session_key: ctx.sessionKey ?? null }, {
    deadLetter: false,
  });
  return answerOf(forgotten) as z.input<typeof ForgetPreferencesOutput>;
}
