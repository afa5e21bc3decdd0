import * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import { answerOf } from "../../_shared/healing/client/answerOf.ts";
import { rateLimitScope } from "../../_shared/http/callerScope.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { describeContext } from "./track/eventContext.ts";
import { requireSubject } from "./subject/requireSubject.ts";
import { eventsOf, TrackInput } from "./track/trackInput.ts";

export { TrackInput };

/** What became of events, in their order. */
export const TrackOutput = z.object({
  /** Counts what has been learned of the shopper: 'preferences-live' gives it, too. */
  profileVersion: z.number(),
  results: z.array(z.object({
    eventId: z.string(),
    status: z.enum(["recorded", "duplicate", "ignored", "rejected"]),
    /** Why it was ignored or rejected. */
    code: z.enum(["opted_out", "session_is_over", "forgotten", "in_the_future", "too_old", "unknown_product"])
      .optional(),
  })),
});

type Result = z.input<typeof TrackOutput>["results"][number];
type Context = Pick<RequestContext, "db" | "caller" | "sessionKey" | "clock">;
const ignored: readonly unknown[] = ["opted_out", "session_is_over", "forgotten"] satisfies Result["code"][];

/** Stores what the shopper did and learns from it; what is answered is durable, and the next search sees it. */
export async function trackInteractions(
  input: z.output<typeof TrackInput>,
  ctx: Context,
): Promise<z.input<typeof TrackOutput>> {
  requireSubject(ctx, "track");
  const events = eventsOf(input);
  const now = new Date(ctx.clock.now());
  const described = events.map((event) => {
    if (event.context === undefined) return event;
    const occurredAt = event.occurredAt === undefined ? now : new Date(event.occurredAt);
    return { ...event, context: describeContext(event.context, occurredAt) };
  });
  // Events count once by their ids: a call may be made again, and one that fails is the client's to send again.
  const told = answerOf(
    await ctx.db.rpc("personalization.track", {
      p_session_key: ctx.sessionKey ?? null,
      p_events: described,
      p_scope: rateLimitScope(ctx.caller),
    }, { deadLetter: false }),
  ) as { profileVersion: number; results: string[] };
  const results = events.map(({ eventId }, place) => resultOf(eventId, told.results[place]!));
  if (input.events === undefined) refuseSingle(results[0]!);
  return { profileVersion: told.profileVersion, results };
}

function resultOf(eventId: string, outcome: string): Result {
  if (outcome === "recorded" || outcome === "duplicate") return { eventId, status: outcome };
  const code = outcome as NonNullable<Result["code"]>;
  return { eventId, status: ignored.includes(code) ? "ignored" : "rejected", code };
}

/** Alone, an event that cannot count is the caller's error; among others it costs them nothing. */
function refuseSingle({ status, code }: Result): void {
  if (status !== "rejected") return;
  if (code === "unknown_product") throw new AppError("not_found", "Cannot track the event as there is no such product");
  const message = code === "in_the_future"
    ? "Must not lie in the future"
    : "Must not be more than 30 days ago: what is that old is not learned from";
  throw new AppError("invalid_input", "Cannot track the event as of when it happened", {
    details: { issues: [{ path: "occurredAt", code: code ?? "custom", message }] },
  });
}
