/** A table of text: its headers, and rows of as many fields as they have. */
export interface CsvTable {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Where text is no CSV. */
export class CsvError extends Error {
  constructor(message: string, readonly line: number) {
    super(`${message} in line ${line}`);
    this.name = "CsvError";
  }
}

const separators = [",", ";", "\t"];

/** The separator that the first line has most of, outside quotes. */
function findSeparator(text: string): string {
  const counts = new Map(separators.map((separator) => [separator, 0]));
  let isQuoted = false;
  for (const letter of text) {
    if (letter === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (letter === "\n" || letter === "\r")) break;
    else if (!isQuoted && counts.has(letter)) counts.set(letter, counts.get(letter)! + 1);
  }
  return separators.reduce((best, each) => counts.get(each)! > counts.get(best)! ? each : best);
}

/**
 * Reads CSV as RFC 4180 has it, with `,`, `;` or a tab between fields and any ends of lines. Fields are kept to the letter;
 * lines without anything are left out; a row with fewer fields than headers ends in empty ones.
 */
export function parseCsv(source: string): CsvTable {
  const text = source.startsWith("\ufeff") ? source.slice(1) : source;
  const records = readRecords(text, findSeparator(text)).filter(({ fields }) => fields.length > 1 || fields[0] !== "");
  const [head, ...body] = records;
  if (head === undefined) throw new CsvError("Cannot read CSV as there are no headers", 1);
  const headers = head.fields;
  const rows = body.map(({ fields, line }) => {
    if (fields.length > headers.length) {
      throw new CsvError(`Cannot read CSV as there are ${fields.length} fields under ${headers.length} headers`, line);
    }
    return headers.map((_, place) => fields[place] ?? "");
  });
  return { headers, rows };
}

interface CsvRecord {
  readonly fields: string[];
  readonly line: number;
}

function readRecords(text: string, separator: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  const fieldEnd = new RegExp(`[${separator}\r\n]`, "g");
  let [at, line, startLine] = [0, 1, 1];
  let fields: string[] = [];
  while (at < text.length || fields.length > 0) {
    if (text[at] === '"') {
      let field = "";
      for (at++;;) {
        const close = text.indexOf('"', at);
        if (close < 0) throw new CsvError("Cannot read CSV as a quote is not closed", startLine);
        field += text.slice(at, close);
        at = close + 1;
        if (text[at] !== '"') break;
        field += '"';
        at++;
      }
      line += field.split("\n").length - 1;
      if (at < text.length && ![separator, "\r", "\n"].includes(text[at]!)) {
        throw new CsvError("Cannot read CSV as something follows a closing quote", line);
      }
      fields.push(field);
    } else {
      fieldEnd.lastIndex = at;
      const end = fieldEnd.exec(text)?.index ?? text.length;
      fields.push(text.slice(at, end));
      at = end;
    }
    if (text[at] === separator) {
      at++;
      if (at === text.length) fields.push("");
      else continue;
    }
    if (at < text.length) at += text.startsWith("\r\n", at) ? 2 : 1;
    records.push({ fields, line: startLine });
    fields = [];
    startLine = ++line;
  }
  return records;
}
