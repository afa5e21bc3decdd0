import type { TableRef } from "../../connect/connector.ts";

const parsed = new Map<string, TableRef>();
const mostParsed = 1_000;

/**
 * Reads `table` or `schema.table`; a part in double quotes may hold dots. Without a schema it is `public`. A name that no
 * table can have is left for the connector to refuse.
 */
export function tableName(text: string): TableRef {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const [first, ...rest] = text.match(/"(?:[^"]|"")+"|[^."]+/g) ?? [text];
  const isWhole = [first, ...rest].join(".") === text;
  const ref = !isWhole || rest.length === 0
    ? { schema: "public", name: unquoted(text) }
    : { schema: unquoted(first!), name: rest.map(unquoted).join(".") };
  if (parsed.size < mostParsed) parsed.set(text, ref);
  return ref;
}

function unquoted(part: string): string {
  return /^".+"$/s.test(part) ? part.slice(1, -1).replaceAll('""', '"') : part;
}
