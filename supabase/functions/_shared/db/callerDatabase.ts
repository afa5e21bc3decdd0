import type { Caller } from "../http/caller.ts";
import type { Database, SqlTag } from "./database.ts";
import { assumeIdentity, databaseIdentity } from "./databaseIdentity.ts";
import { runInOneMessage } from "./oneMessage.ts";
import { runInOwnTransaction } from "./ownTransaction.ts";
import type { SqlClient } from "./sqlClient.ts";
import { classifySqlState, sqlStateOf } from "./sqlState.ts";
import { toStatement } from "./statement.ts";
import { beginStatement, runWorkTransaction } from "./workTransaction.ts";

/**
 * The database under the caller's role and claims: row level security decides what is seen and changed.
 *
 * @example
 * ```ts
 * const db = callerDatabase(sqlClient(), caller, { signal });
 * const orders = await db.sql<{ id: string }>`select id from orders where placed_at > ${since}`;
 * ```
 */
export function callerDatabase(
  client: SqlClient,
  caller: Caller,
  options: { signal?: AbortSignal } = {},
): Database {
  const { signal } = options;
  let identity: string | undefined;
  const assume = () => identity ??= assumeIdentity(databaseIdentity(caller));

  async function run(strings: TemplateStringsArray, values: readonly unknown[]) {
    const statement = toStatement(strings, values);
    const once = () => runInOwnTransaction(client, `begin; ${assume()}`, statement, signal);
    try {
      return await once();
    } catch (error) {
      // A plan prepared before a migration: the statement had no effect, and the next try plans it afresh.
      if (classifySqlState(sqlStateOf(error)) === "pooler") return await once();
      throw error;
    }
  }

  async function call(strings: TemplateStringsArray, values: readonly unknown[]) {
    try {
      return await runInOneMessage(client, assume(), toStatement(strings, values), signal);
    } catch (error) {
      // Its text was not understood, so nothing ran: with parameters, Postgres says which of them it is about.
      if (!hasPosition(error)) throw error;
      return await run(strings, values);
    }
  }

  return {
    sql: ((strings, ...values) => run(strings, values)) as SqlTag,
    call: ((strings, ...values) => call(strings, values)) as SqlTag,
    transaction: async (work, kind) =>
      await runWorkTransaction(client, `${beginStatement(kind)}; ${assume()}`, work, signal),
  };
}

/** Where it was in the statement: what goes wrong in a function has a place in that, and none in the statement. */
function hasPosition(error: unknown): boolean {
  return typeof error === "object" && error !== null && "position" in error;
}
