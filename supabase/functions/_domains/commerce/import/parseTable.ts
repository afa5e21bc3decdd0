/** A table as text holds it: its head, and rows of as many cells as they have. */
export interface ParsedTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const delimiters = [",", ";", "\t"] as const;

/**
 * Reads CSV as RFC 4180 has it, and what spreadsheets make of that: semicolons or tabs, a byte order mark, lone line feeds, a
 * quote that ends in the middle of a cell. Which delimiter it is the head tells. Empty lines are none.
 */
export function parseTable(text: string): ParsedTable {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  const [head = [], ...rows] = readRows(body, delimiterOf(body)).filter((row) =>
    row.some((cell) => cell.trim() !== "")
  );
  return { head: head.map((name) => name.trim()), rows };
}

/** That which cuts the head into most cells. */
function delimiterOf(text: string): string {
  const sample = text.slice(0, 20_000);
  const width = (delimiter: string) =>
    readRows(sample, delimiter).find((row) => row.some((cell) => cell.trim() !== ""))?.length ?? 0;
  return delimiters.reduce((best, one) => width(one) > width(best) ? one : best, delimiters[0]);
}

function readRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  const end = () => {
    rows.push(row);
    row = [];
  };
  while (at < text.length) {
    const [cell, next] = readCell(text, at, delimiter);
    row.push(cell);
    const mark = text[next];
    at = next + 1;
    if (mark === delimiter) {
      if (at >= text.length) row.push("");
      continue;
    }
    if (mark === "\r" && text[at] === "\n") at++;
    end();
  }
  if (row.length > 0) end();
  return rows;
}

/** A cell, and where it ends. */
function readCell(text: string, from: number, delimiter: string): [cell: string, end: number] {
  const isEnd = (letter: string | undefined) =>
    letter === undefined || letter === delimiter || letter === "\n" || letter === "\r";
  let cell = "";
  let at = from;
  if (text[at] === '"') {
    for (at++; at < text.length; at++) {
      const quote = text.indexOf('"', at);
      if (quote < 0) return [cell + text.slice(at), text.length];
      cell += text.slice(at, quote);
      at = quote;
      if (text[quote + 1] !== '"') {
        at++;
        break;
      }
      cell += '"';
      at = quote + 1;
    }
  }
  const rest = at;
  while (!isEnd(text[at])) at++;
  return [cell + text.slice(rest, at), at];
}
