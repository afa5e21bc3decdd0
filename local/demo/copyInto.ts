import { once } from "node:events";
import type postgres from "postgres";

/** A value of a column, as text. */
export type CopyValue = string | number | null;

/** Sends rows by COPY, as they are made: only what is on its way is held in memory. */
export async function copyInto(
  sql: postgres.Sql,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly CopyValue[]>,
): Promise<number> {
  const stream = await sql.unsafe(`copy ${table} (${columns.join(", ")}) from stdin`).writable();
  let count = 0;
  let lines: string[] = [];
  const send = async () => {
    const isRoom = stream.write(`${lines.join("\n")}\n`);
    lines = [];
    if (!isRoom) await once(stream, "drain");
  };
  try {
    for (const row of rows) {
      lines.push(row.map(toText).join("\t"));
      count++;
      if (lines.length === 2_000) await send();
    }
    if (lines.length > 0) await send();
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
  stream.end();
  await once(stream, "finish");
  return count;
}

const escapes: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function toText(value: CopyValue): string {
  if (value === null) return "\\N";
  return typeof value === "number" ? String(value) : value.replace(/[\\\t\n\r]/g, (letter) => escapes[letter]!);
}

/** A list as Postgres writes arrays of plain words. */
export function arrayText(values: readonly (string | number)[]): string {
  return `{${values.map((value) => `"${value}"`).join(",")}}`;
}
