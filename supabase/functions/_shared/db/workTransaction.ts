import type { SqlTag, TransactionOptions } from "./database.ts";
import { Session } from "./session.ts";
import type { SqlClient } from "./sqlClient.ts";
import { sqlStateOf } from "./sqlState.ts";
import { toStatement } from "./statement.ts";
import { unlessAborted } from "./unlessAborted.ts";

const isolationLevels = ["read committed", "repeatable read", "serializable"];
const abortedTransaction = "25P02";

/** The statement that begins a transaction of the given kind. */
export function beginStatement(options?: TransactionOptions): string {
  return `begin ${beginModes(options)}`;
}

/** What follows `begin` for a transaction of the given kind. */
export function beginModes(options: TransactionOptions = {}): string {
  const { isolation = "read committed", isReadOnly = false } = options;
  if (!isolationLevels.includes(isolation)) {
    throw new TypeError(
      `Cannot begin a transaction as 'isolation' must be one of ${isolationLevels.join(", ")}: got "${isolation}"`,
    );
  }
  return `isolation level ${isolation} read ${isReadOnly ? "only" : "write"}`;
}

/**
 * Runs `work` in one transaction that `opening` begins: commits when it resolves, rolls back when it rejects. The tag it
 * gets is bound to the transaction and refuses to run once that has ended. A failed statement dooms the transaction, even
 * if `work` swallows the failure (unless it goes back to a savepoint): its own error surfaces, never the 25P02 that
 * Postgres gives to what follows.
 */
export async function runWorkTransaction<Result>(
  client: SqlClient,
  opening: string,
  work: (sql: SqlTag) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  signal?.throwIfAborted();
  const lane = await client.pool.acquire("held", signal);
  try {
    const session = await Session.open(lane, client.isPooled);
    let hasEnded = false;
    try {
      const result = await runWork(session, opening, work, signal);
      hasEnded = true;
      return result;
    } catch (error) {
      hasEnded = await session.control("rollback").then(() => true, () => false);
      throw error;
    } finally {
      await session.end(hasEnded);
    }
  } finally {
    client.pool.release(lane, "held");
  }
}

async function runWork<Result>(
  session: Session,
  opening: string,
  work: (sql: SqlTag) => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  await session.control(opening);
  let failure: unknown; // The latest that is a statement's own.
  let isOpen = true;
  const run = async (strings: TemplateStringsArray, values: readonly unknown[]) => {
    if (!isOpen) throw new Error("Cannot run a statement as its transaction has ended");
    signal?.throwIfAborted();
    const statement = toStatement(strings, values);
    try {
      return await unlessAborted(session.statement(statement), signal, () => session.cancel());
    } catch (error) {
      if (sqlStateOf(error) !== abortedTransaction) failure = error;
      throw failure ?? error;
    }
  };
  try {
    const result = await work(((strings, ...values) => run(strings, values)) as SqlTag);
    isOpen = false;
    signal?.throwIfAborted();
    // Postgres decides: a commit of what had failed answers ROLLBACK, one after a return to a savepoint COMMIT.
    if (await session.control("commit") === "ROLLBACK") throw failure;
    return result;
  } finally {
    isOpen = false;
  }
}
