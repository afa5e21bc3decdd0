import type { ServerEvent } from "../../_shared/http/eventStream.ts";
import type { Clock } from "../../_shared/time/clock.ts";
import { sleep } from "../../_shared/time/sleep.ts";
import type { LiveFeed, LivePage } from "./liveFeed.ts";
import type { Waker } from "./waker.ts";

/** At most four pushes a second. */
export const leastGapMs = 250;

/** What a stream is made of. */
export interface FollowParts {
  readonly feed: LiveFeed;
  /** Wakes the stream when there may be something. */
  readonly wakerOf: (subject: string) => Waker;
  /** What the shopper is recommended by now. */
  readonly recommend: () => Promise<unknown>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Where a stream before this one left off. */
  readonly after: number | undefined;
}

/**
 * The changes of a shopper as events, for as long as somebody takes them. What comes within a quarter of a second goes out as
 * one. Each event's id is where a reconnecting client goes on: nothing between two streams is missed, nothing told twice.
 */
export async function* followChanges(parts: FollowParts): AsyncGenerator<ServerEvent> {
  const { feed, clock, signal, recommend } = parts;
  let page = await feed.look(parts.after);
  const waker = parts.wakerOf(page.subject);
  // Once more, now that somebody listens: what came in between rang for nobody.
  page = joined(page, await feed.look(page.lastId));
  let pushedAt = -Infinity;
  try {
    if (parts.after === undefined || page.isStale) {
      if (page.state !== "open") return yield ended(page);
      pushedAt = clock.monotonic();
      yield await toEvent("snapshot", page, recommend);
    }
    for (;;) {
      if (page.state !== "open") return yield ended(page);
      if (page.events.length > 0) {
        const wait = pushedAt + leastGapMs - clock.monotonic();
        if (wait > 0) {
          await sleep(wait, { signal, clock });
          page = joined(page, await feed.look(page.lastId)); // What came meanwhile goes along.
          if (page.state !== "open") return yield ended(page);
        }
        pushedAt = clock.monotonic();
        yield await toEvent("update", page, recommend);
      } else {
        await waker.wait(signal);
      }
      page = await feed.look(page.lastId);
    }
  } finally {
    waker.stop();
    if (!signal.aborted) await feed.leave().catch(() => {}); // Else its lease runs out.
  }
}

function joined(earlier: LivePage, later: LivePage): LivePage {
  return { ...later, isStale: earlier.isStale, events: [...earlier.events, ...later.events] };
}

function ended({ state, lastId }: LivePage): ServerEvent {
  return { event: "end", id: String(lastId), data: { reason: state } };
}

async function toEvent(event: string, page: LivePage, recommend: () => Promise<unknown>): Promise<ServerEvent> {
  const latest = page.events.at(-1);
  const productIds = [...new Set(page.events.flatMap(({ payload }) => payload.productIds))];
  const data = {
    profileVersion: latest?.payload.profileVersion ?? page.profileVersion,
    productIds,
    recommendations: await recommend(),
  };
  return { event, id: String(page.lastId), data };
}
