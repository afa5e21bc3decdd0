import type postgres from "postgres";
import { arrayLiteral } from "./arrayLiteral.ts";
import type { Database, SqlTag } from "./database.ts";
import { type DriverQuery, travelAlone } from "./driverQuery.ts";
import { beginModes } from "./workTransaction.ts";

/** Somebody's client of postgres.js as a database; its connections and its rights are the client's. */
export function driverDatabase(client: postgres.Sql): Database {
  const tagOf = (runner: postgres.Sql | postgres.TransactionSql, isAlone: boolean) =>
    (async (statement, ...values) => {
      const parameters = values.map((value) => toParameter(runner, value));
      const query = runner(statement, ...parameters as never[]) as unknown as DriverQuery;
      return (await (isAlone ? travelAlone(query) : query)).slice();
    }) as SqlTag;
  // Who prepares nothing has a pooler in between.
  const sql = tagOf(client, client.options.prepare === false);
  return {
    sql,
    call: sql,
    transaction: (work, kind) =>
      client.begin(beginModes(kind), (transaction) => work(tagOf(transaction, false))) as never,
  };
}

/**
 * The driver takes a plain object only where it is told that it is JSON. A list it writes as text of its own unless it has
 * read the types of arrays: the first statement of a client may come before, and some clients never read them.
 */
function toParameter(runner: postgres.Sql | postgres.TransactionSql, value: unknown): unknown {
  if (Array.isArray(value)) return Object.defineProperty([...value], "toString", { value: () => arrayLiteral(value) });
  const isPlain = typeof value === "object" && value !== null && !(value instanceof Date) &&
    !(value instanceof Uint8Array);
  return isPlain ? runner.json(value as postgres.JSONValue) : value;
}
