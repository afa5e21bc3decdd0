import type postgres from "postgres";
import type { RunResult, SqlStatement, StatementRunner } from "./statementRunner.ts";

/** A client of postgres.js, a connection reserved from it, or a transaction on it. */
export type DriverClient = Pick<postgres.Sql, "unsafe" | "typed">;

/**
 * The type "unknown". Postgres then takes the parameter for whatever its place wants, as it does for an untyped one;
 * unlike an untyped one, the driver sends its text untouched. Its own serializers lose: a timestamp's microseconds,
 * "true" given as text (sent as false), bytes given as hex.
 */
const unknownType = 705;

/** Sends a statement on a client of postgres.js, whatever types that client is set up with. */
export async function runOnDriver(client: DriverClient, statement: SqlStatement): Promise<RunResult> {
  const { sql, values, isPrepared } = statement;
  const parameters = values.map((value) => client.typed(value as never, unknownType));
  const options = { prepare: isPrepared, simple: false };
  const result = await client.unsafe(sql.text, parameters as never[], options as never);
  return { rows: result.slice() as Record<string, unknown>[], columns: result.columns as RunResult["columns"] };
}

/** Runs statements on somebody's client, as it is; closing it is theirs. */
export function driverRunner(client: DriverClient): StatementRunner {
  return { run: (statement) => runOnDriver(client, statement), close: () => Promise.resolve() };
}
