import * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import { answerOf } from "../../_shared/healing/client/answerOf.ts";
import type { RequestContext } from "../../_shared/http/context.ts";

/** The session is named by its key, in the header. */
export const MergeProfileInput = z.strictObject({}).optional();

/** What became of the session. */
export const MergeProfileOutput = z.object({
  /** False where there was nothing to merge, or nothing any more. */
  isMerged: z.boolean(),
  /** Events that are the user's now. */
  events: z.number(),
  profileVersion: z.number(),
});

/** Makes what the caller's session did and taught their user's, once. */
export async function mergeProfile(
  _input: z.output<typeof MergeProfileInput>,
  { db, sessionKey }: Pick<RequestContext, "db" | "sessionKey">,
): Promise<z.input<typeof MergeProfileOutput>> {
  if (sessionKey === undefined) {
    throw new AppError("invalid_input", "Cannot merge a session as 'x-session-key' does not say which", {
      details: {
        issues: [{ path: "x-session-key", code: "missing", message: "Must be the key of the session to merge" }],
      },
    });
  }
  const merged = await db.rpc("personalization.merge_session", { p_session_key: sessionKey }, { deadLetter: false });
  return answerOf(merged) as z.input<typeof MergeProfileOutput>;
}
