import type { Notifications } from "../../_shared/db/notifications.ts";
import { AppError } from "../../_shared/errors/appError.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { eventStream } from "../../_shared/http/eventStream.ts";
import { recommendFor } from "../recommendations/ports.ts";
import { followChanges } from "./followChanges.ts";
import { postgresLiveFeed } from "./liveFeed.ts";
import type { StreamInput } from "./streamSchemas.ts";
import { openWaker } from "./waker.ts";

/** Streams of one isolate at a time: each holds memory, and connections are few. */
const mostStreams = 200;
let open = 0;

/** Tells a shopper of their recommendations as they change. */
export function streamRecommendations(
  notificationsOf: (ctx: Pick<RequestContext, "log">) => Pick<Notifications, "subscribe"> | undefined,
) {
  return async ({ mode, since, limit }: StreamInput, ctx: RequestContext) => {
    const { caller, clock, random, sessionKey } = ctx;
    const feed = postgresLiveFeed(ctx.db, sessionKey, random.uuid());
    const recommend = () => recommendFor(ctx, sessionKey, { kind: "for-you", limit });
    const after = since ?? readEventId(ctx.lastEventId);
    if (mode !== "stream") {
      const page = await feed.look(after);
      const hasChanged = after === undefined || page.isStale || page.events.length > 0;
      return {
        state: page.state,
        lastId: page.lastId,
        profileVersion: page.profileVersion,
        hasChanged,
        ...(hasChanged && page.state === "open" ? { recommendations: await recommend() } : {}),
        ...(mode === "realtime" && caller.kind === "user" ? { topic: `subject:${page.subject}` } : {}),
      };
    }
    if (open >= mostStreams) {
      throw new AppError("overloaded", "Cannot open another stream as this isolate has as many as it can hold", {
        details: { retryAfterMs: 5_000 },
      });
    }
    const notifications = notificationsOf(ctx);
    const wakerOf = (subject: string) => openWaker(notifications, subject, clock);
    return eventStream(counted(followChanges({ feed, wakerOf, recommend, clock, signal: ctx.signal, after })));
  };
}

async function* counted<Item>(events: AsyncIterable<Item>): AsyncGenerator<Item> {
  open++;
  try {
    yield* events;
  } finally {
    open--;
  }
}

/** What is no id of ours is no place to go on from: the stream begins anew. */
function readEventId(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
