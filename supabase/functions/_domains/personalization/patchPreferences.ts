import * as z from "zod";
import { answerOf } from "../../_shared/healing/client/answerOf.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { requireSubject } from "./subject/requireSubject.ts";

const trait = z.string().max(160).regex(
  /^(category|attribute|brand|vendor|price|time):([a-z0-9-]+\*?|\*)$/,
  "Must be a trait, such as attribute:spicy, or the beginning of some, such as brand:*",
);
const traits = z.array(trait).min(1).max(200);

/** What the caller decides about their profile. */
export const PatchPreferencesInput = z.strictObject({
  /** true: nothing is learned and nothing that was learned is used, until it is false again. */
  optOut: z.boolean().optional(),
  /** Traits the caller does not want to be judged by. */
  mute: traits.optional(),
  unmute: traits.optional(),
}).refine((decided) => Object.values(decided).some((part) => part !== undefined), {
  message: "Must decide something: optOut, mute or unmute",
});

/** What holds from now on. */
export const PatchPreferencesOutput = z.object({
  profileVersion: z.number(),
  isOptedOut: z.boolean(),
  mutedTraits: z.array(z.string()),
});

/** Opts the caller out or in, mutes traits or unmutes them; honoured by the next search. */
export async function patchPreferences(
  { optOut, mute, unmute }: z.output<typeof PatchPreferencesInput>,
  ctx: Pick<RequestContext, "db" | "caller" | "sessionKey">,
): Promise<z.input<typeof PatchPreferencesOutput>> {
  requireSubject(ctx, "change preferences");
  return answerOf(
    await ctx.db.rpc("personalization.decide_privacy", {
      p_session_key: ctx.sessionKey ?? null,
      p_opt_out: optOut ?? null,
      p_mute: mute ?? null,
      p_unmute: unmute ?? null,
    }, { deadLetter: false }),
  ) as z.input<typeof PatchPreferencesOutput>;
}
