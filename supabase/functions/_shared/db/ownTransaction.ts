import type postgres from "postgres";
import { Session } from "./session.ts";
import type { SqlClient } from "./sqlClient.ts";
import type { Statement } from "./statement.ts";
import { unlessAborted } from "./unlessAborted.ts";

/**
 * Runs one statement in a transaction of its own that `opening` begins. Costs one network round trip more than the bare
 * statement: opening, then statement and commit together; where the server must describe the statement first, its
 * description travels with the opening. The statement is never on the wire as something that runs before the opening is
 * known to have succeeded.
 */
export async function runInOwnTransaction(
  client: SqlClient,
  opening: string,
  statement: Statement,
  signal?: AbortSignal,
): Promise<postgres.Row[]> {
  signal?.throwIfAborted();
  const lane = await client.pool.acquire("held", signal);
  let session: Session | undefined;
  const run = async () => {
    try {
      session = await Session.open(lane, client.isPooled);
      if (signal?.aborted) session.cancel();
      const [opened, done, ended] = await runSteps(session, opening, statement);
      await session.end(ended.status === "fulfilled");
      if (opened.status === "rejected") throw opened.reason;
      if (done.status === "rejected") throw done.reason;
      if (ended.status === "rejected") throw ended.reason;
      return done.value;
    } finally {
      client.pool.release(lane, "held");
    }
  };
  return await unlessAborted(run(), signal, () => session?.cancel());
}

type Step<Value> = PromiseSettledResult<Value>;

async function runSteps(
  session: Session,
  opening: string,
  statement: Statement,
): Promise<[Step<unknown>, Step<postgres.Row[]>, Step<string>]> {
  if (session.isDescribedFirst(statement)) {
    // Commit waits in the driver's queue until the statement has run; after a failure it rolls back.
    return await Promise.allSettled([...session.openWith(opening, statement), session.control("commit")]);
  }
  const [opened] = await Promise.allSettled([session.control(opening)]);
  if (opened.status === "rejected" || session.isCancelled) {
    const [ended] = await Promise.allSettled([session.control("rollback")]);
    return [opened, { status: "rejected", reason: undefined }, ended];
  }
  const [done, ended] = await Promise.allSettled([session.statement(statement), session.control("commit")]);
  return [opened, done, ended];
}
