import type { Notifications } from "../../_shared/db/notifications.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { eventStream } from "../../_shared/http/eventStream.ts";
import { recommendFor } from "../recommendations/ports.ts";
import { followChanges } from "./followChanges.ts";
import { postgresLiveFeed } from "./liveFeed.ts";
import { StreamPlaces } from "./streamPlaces.ts";
import type { StreamInput } from "./streamSchemas.ts";
import { openWaker } from "./waker.ts";

/** Whoever polls has one place among those who listen, however often they ask. */
const pollStream = "00000000-0000-4000-8000-000000000001";

const places = new StreamPlaces();

/** Tells a shopper of their recommendations as they change. */
export function streamRecommendations(
  notificationsOf: (ctx: Pick<RequestContext, "log">) => Pick<Notifications, "subscribe" | "isListening"> | undefined,
) {
  return async ({ mode, since, ...asked }: StreamInput, ctx: RequestContext) => {
    const { caller, clock, random, sessionKey, signal } = ctx;
    const feed = postgresLiveFeed(ctx.db, sessionKey, mode === "stream" ? random.uuid() : pollStream);
    const recommend = () => recommendFor(ctx, sessionKey, { kind: "for-you", ...asked });
    const after = since ?? readEventId(ctx.lastEventId);
    const first = await feed.look(after);
    if (mode !== "stream") {
      const { state, version, subject } = first;
      const hasChanged = after === undefined || first.isStale || version !== after;
      return {
        state,
        profileVersion: version,
        hasChanged,
        productIds: [...first.productIds],
        traits: [...first.traits],
        ...(hasChanged && state === "open" ? { recommendations: await recommend() } : {}),
        ...(mode === "realtime" && caller.kind === "user" ? { topic: `subject:${subject}` } : {}),
      };
    }
    const leave = places.take(first.subject);
    const notifications = notificationsOf(ctx);
    const wakerOf = (subject: string) => openWaker(notifications, subject, clock);
    const events = followChanges({ feed, first, after, wakerOf, recommend, clock, signal });
    // A source that never began is closed without running: the signal gives its place back all the same.
    signal.addEventListener("abort", leave, { once: true });
    return eventStream(thenLeave(events, leave));
  };
}

async function* thenLeave<Item>(events: AsyncIterable<Item>, leave: () => void): AsyncGenerator<Item> {
  try {
    yield* events;
  } finally {
    leave();
  }
}

/** What is no id of ours is no place to go on from: the stream begins anew. */
function readEventId(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
