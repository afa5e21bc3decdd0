import { AppError } from "../../../_shared/errors/appError.ts";
import { CsvError, parseCsv } from "./parseCsv.ts";
import { mostRows } from "./catalogSchemas.ts";

/** A catalog as it was sent: its headers, and rows by them. */
export interface SentCatalog {
  readonly headers: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

const mostHeaders = 60;

function refuse(path: string, message: string): never {
  throw new AppError("invalid_input", "Cannot import the catalog as it cannot be read", {
    details: { issues: [{ path, code: "custom", message }] },
  });
}

/** Reads what was sent; throws `invalid_input` where it is no catalog. */
export function readCatalog(
  { csv, rows }: { csv?: string | undefined; rows?: SentCatalog["rows"] | undefined },
): SentCatalog {
  const catalog = csv === undefined ? { headers: headersOf(rows ?? []), rows: rows ?? [] } : fromCsv(csv);
  const path = csv === undefined ? "rows" : "csv";
  if (catalog.headers.length > mostHeaders) {
    refuse(path, `Must have ${mostHeaders} headers at most: there are ${catalog.headers.length}`);
  }
  if (catalog.rows.length > mostRows) {
    refuse(path, `Must have ${mostRows} rows at most: there are ${catalog.rows.length}`);
  }
  return catalog;
}

function headersOf(rows: SentCatalog["rows"]): string[] {
  const headers = new Set<string>();
  for (const row of rows) for (const header of Object.keys(row)) headers.add(header);
  return [...headers];
}

function fromCsv(csv: string): SentCatalog {
  const table = readTable(csv);
  const headers = table.headers.map((header, place) => header.trim() === "" ? `column ${place + 1}` : header.trim());
  const twice = headers.find((header, place) => headers.indexOf(header) !== place);
  if (twice !== undefined) refuse("csv", `Must have each header once: '${twice.slice(0, 100)}' is there again`);
  if (headers.some((header) => header.length > 100)) refuse("csv", "Must have headers of 100 characters at most");
  const rows = table.rows.map((fields) => Object.fromEntries(fields.map((field, place) => [headers[place]!, field])));
  return { headers, rows };
}

function readTable(csv: string) {
  try {
    return parseCsv(csv);
  } catch (error) {
    if (error instanceof CsvError) refuse("csv", error.message);
    throw error;
  }
}
