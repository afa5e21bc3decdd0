import { answerOf } from "../../_shared/healing/client/answerOf.ts";
import type { ResilientStatements } from "../../_shared/healing/client/resilientDb.ts";

/** What a look at a profile gave. */
export interface LivePage {
  readonly subject: string;
  /** Where it is not open any more, why. */
  readonly state: "open" | "opted_out" | "session_is_over";
  /** When the shopper last had everything erased. */
  readonly forgottenAt: string | null;
  /** Counts changes of what is known; 0: nobody is. Whoever has seen this version has seen all before it. */
  readonly version: number;
  /** What led from the version asked for to this one is not kept: everything is told anew. */
  readonly isStale: boolean;
  /** Products that the versions in between have learned from. */
  readonly productIds: readonly string[];
  /** Traits of these products: what may have moved. */
  readonly traits: readonly string[];
}

/** The changes of one subject: the caller's. */
export interface LiveFeed {
  /** What came after a version; undefined: only where it stands now. */
  look(after: number | undefined): Promise<LivePage>;
  leave(): Promise<void>;
}

/** The feed in Postgres, under the caller's claims. A look also says that the stream is there. */
export function postgresLiveFeed(
  db: Pick<ResilientStatements, "rpc">,
  sessionKey: string | undefined,
  streamId: string,
): LiveFeed {
  const whose = { p_session_key: sessionKey ?? null, p_stream: streamId };
  return {
    look: async (after) =>
      answerOf(
        await db.rpc("live.follow", { ...whose, p_after: after ?? null }, { deadLetter: false }),
      ) as unknown as LivePage,
    leave: async () => void answerOf(await db.rpc("live.unfollow", whose, { deadLetter: false })),
  };
}
