import type postgres from "postgres";
import { memberText, writeArray } from "./arrayText.ts";
import type { DriverQuery } from "./driverQuery.ts";
import { quoteLiteral } from "./quoteLiteral.ts";
import { sendOnLane } from "./sendOnLane.ts";
import type { SqlClient } from "./sqlClient.ts";
import type { Statement } from "./statement.ts";

/**
 * Runs a statement behind `opening` in one message, and so in one round trip and one transaction. Postgres skips the rest
 * of a message after a failure and takes back what was done of it: the statement never runs without what `opening` has set
 * for the transaction, and nothing of that outlives the message. It has no parameters, so values are written into it; and it
 * is planned each time, which is nothing for the call of a function.
 */
export async function runInOneMessage(
  client: SqlClient,
  opening: string,
  statement: Statement,
  signal?: AbortSignal,
): Promise<postgres.Row[]> {
  const text = `${opening}; ${withLiterals(statement)}`;
  const make = (sql: postgres.Sql) => sql.unsafe(text).simple() as unknown as DriverQuery;
  const results = await sendOnLane(client, "held", make, signal) as unknown as postgres.RowList<postgres.Row[]>[];
  return results.at(-1)!.slice();
}

/** The statement with its values as literals, each of them text that Postgres reads as its place wants. */
export function withLiterals({ strings, values }: Pick<Statement, "strings" | "values">): string {
  refuseOpenQuotes(strings);
  let text = strings[0]!;
  values.forEach((value, index) => text += literal(value) + strings[index + 1]!);
  return text;
}

function literal(value: unknown): string {
  if (value === null) return "null";
  return quoteLiteral(Array.isArray(value) ? writeArray(value) : memberText(value));
}

const checked = new WeakSet<TemplateStringsArray>();
const quoted = /"(?:[^"]|"")*"|'(?:[^'\\]|'')*'/g;

/** A value within quotes or a comment would end them, and be text of the statement from there on. */
function refuseOpenQuotes(strings: TemplateStringsArray): void {
  if (checked.has(strings)) return;
  for (const text of strings) {
    const found = /['"\\$;]|--|\/\*/.exec(text.replaceAll(quoted, ""));
    if (found === null) continue;
    throw new TypeError(
      `Cannot write values into the statement as it has ${found[0]} outside of quotes: ${text.trim()}`,
    );
  }
  checked.add(strings);
}
