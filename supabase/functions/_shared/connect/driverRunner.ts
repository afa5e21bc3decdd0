import type postgres from "postgres";
import { type DriverQuery, leaveStale } from "../db/driverQuery.ts";
import type { CompiledSql } from "./sqlText.ts";
import type { RunResult, SqlStatement, StatementRunner } from "./statementRunner.ts";

/** A client of postgres.js, a connection reserved from it, or a transaction on it. */
export type DriverClient = Pick<postgres.Sql, "unsafe" | "typed"> & {
  /** A client's alone. */
  readonly options?: { readonly prepare?: boolean };
};

/**
 * The type "unknown". Postgres then takes the parameter for whatever its place wants, as it does for an untyped one;
 * unlike an untyped one, the driver sends its text untouched. Its own serializers lose: a timestamp's microseconds,
 * "true" given as text (sent as false), bytes given as hex.
 */
const unknownType = 705;

/** What Postgres was doing when it found a prepared statement to be out of date: the one field that tells. */
const staleRoutines: ReadonlySet<unknown> = new Set([
  "FetchPreparedStatement",
  "RevalidateCachedQuery",
  "transformAssignedExpr",
]);

/** What another has renewed may have gone out of date again on the connection that is taken next. */
const mostTries = 4;

/** Texts of statements whose first preparation has gone out of date: a new text is prepared anew on every connection. */
const renewedTexts = new WeakMap<CompiledSql, string>();

/**
 * Sends a statement on a client of postgres.js, whatever types that client is set up with. A prepared statement that a
 * change of the schema has put out of date had no effect, and is prepared anew.
 */
export async function runOnDriver(client: DriverClient, statement: SqlStatement): Promise<RunResult> {
  let stale: unknown;
  for (let tries = 1;; tries++) {
    const text = renewedTexts.get(statement.sql) ?? statement.sql.text;
    try {
      return await send(client, statement, text);
    } catch (error) {
      const { code, routine } = (error ?? {}) as { code?: unknown; routine?: unknown };
      // In a transaction nothing comes after a failure.
      if (stale !== undefined && code === "25P02") throw stale;
      const isStale = statement.isPrepared && staleRoutines.has(routine);
      if (!isStale || tries === mostTries) throw error;
      stale = error;
      // Of many that fail at once, the first one renews for all.
      if (text === (renewedTexts.get(statement.sql) ?? statement.sql.text)) {
        renewedTexts.set(statement.sql, renewText(text));
      }
    }
  }
}

async function send(client: DriverClient, { values, isPrepared }: SqlStatement, text: string): Promise<RunResult> {
  const parameters = values.map((value) => client.typed(value as never, unknownType));
  // Told where others may travel behind the statement on its connection. Where nothing is prepared there is a pooler in
  // between, which would give their answers to strangers.
  const onexecute = () => client.options?.prepare !== false && leaveStale(query as unknown as DriverQuery);
  const query = client.unsafe(text, parameters as never[], { prepare: isPrepared, simple: false, onexecute } as never);
  const result = await query;
  return { rows: result.slice() as Record<string, unknown>[], columns: result.columns as RunResult["columns"] };
}

/** The same statement under another text: a comment behind it counts. */
function renewText(text: string): string {
  const [, plain, count] = /^(.*?)(?: \/\* (\d+) \*\/)?$/s.exec(text)!;
  return `${plain} /* ${Number(count ?? 1) + 1} */`;
}

/** Runs statements on somebody's client, as it is; closing it is theirs. */
export function driverRunner(client: DriverClient): StatementRunner {
  return { run: (statement) => runOnDriver(client, statement), close: () => Promise.resolve() };
}
