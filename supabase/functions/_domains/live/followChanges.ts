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
  /** The first look, from `after`. */
  readonly first: LivePage;
  /** The version that a stream before this one had told. */
  readonly after: number | undefined;
  /** Wakes the stream when there may be something. */
  readonly wakerOf: (subject: string) => Waker;
  /** What the shopper is recommended by now. */
  readonly recommend: () => Promise<unknown>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The changes of a shopper as events, for as long as somebody takes them. What comes within a quarter of a second goes out as
 * one. Each event's id is the version it has brought the client to, where a reconnecting client goes on: nothing between two
 * streams is missed, nothing told twice.
 */
export async function* followChanges(parts: FollowParts): AsyncGenerator<ServerEvent> {
  const { feed, first, clock, signal, recommend } = parts;
  const waker = parts.wakerOf(first.subject);
  let told = parts.after;
  let page = first;
  let pushedAt = -Infinity;
  try {
    for (;;) {
      const reason = page.forgottenAt === first.forgottenAt ? page.state : "forgotten";
      if (reason !== "open") return yield { event: "end", id: String(page.version), data: { reason } };
      const isSnapshot = told === undefined || page.isStale;
      if (isSnapshot || page.version !== told) {
        const waitMs = pushedAt + leastGapMs - clock.monotonic();
        if (waitMs > 0) {
          await sleep(waitMs, { signal, clock });
          page = await feed.look(told); // What came meanwhile goes along.
          continue;
        }
        pushedAt = clock.monotonic();
        const { version, productIds, traits } = page;
        const data = { profileVersion: version, productIds, traits, recommendations: await recommend() };
        yield { event: isSnapshot ? "snapshot" : "update", id: String(version), data };
        told = version;
      } else {
        await waker.wait(signal);
      }
      page = await feed.look(told);
    }
  } finally {
    waker.stop();
    if (!signal.aborted) await feed.leave().catch(() => {}); // Else its lease runs out.
  }
}
