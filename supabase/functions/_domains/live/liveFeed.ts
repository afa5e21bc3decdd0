import { answerOf } from "../../_shared/healing/client/answerOf.ts";
import type { ResilientStatements } from "../../_shared/healing/client/resilientDb.ts";

/** One thing that changed. */
export interface LiveChange {
  readonly id: number;
  readonly payload: { readonly profileVersion: number; readonly productIds: readonly string[] };
}

/** What a look at the outbox gave. */
export interface LivePage {
  readonly subject: string;
  /** Where it is not open any more, why. */
  readonly state: "open" | "opted_out" | "session_is_over";
  readonly profileVersion: number;
  /** Where the next look goes on. */
  readonly lastId: number;
  /** What the look was to go on from is not kept any more: everything is told anew. */
  readonly isStale: boolean;
  readonly events: readonly LiveChange[];
}

/** The changes of one subject: the caller's. */
export interface LiveFeed {
  /** What came after an id; undefined: from now on. */
  look(after: number | undefined): Promise<LivePage>;
  leave(): Promise<void>;
}

/** The feed in Postgres, under the caller's claims. */
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
