import type { RequestContext } from "../../_shared/http/context.ts";
import { openOperatorDb, type OperatorDb } from "../../_shared/healing/operator/openOperatorDb.ts";

/** What an operator's request brings along. */
export type OperatorContext = Pick<
  RequestContext,
  "admin" | "caller" | "clock" | "deadline" | "log" | "random" | "requestId" | "waitUntil"
>;

/**
 * Runs `work` over a resilient database with the rights of the service, and closes it. It looks at the schema when it is
 * asked to, and never by itself: no timer outlives the request.
 */
export async function withOperatorDb<Result>(
  { admin, clock, deadline, log, random, requestId, waitUntil }: OperatorContext,
  work: (db: OperatorDb) => Promise<Result>,
): Promise<Result> {
  const db = openOperatorDb(admin, {
    schemaPollMs: 0,
    clock,
    random,
    deadline,
    requestId,
    waitUntil,
    onError: (error) => log.warn("Something failed beside an operator's call", { error: String(error) }),
  });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
