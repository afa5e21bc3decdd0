import { AppError } from "../../../_shared/errors/appError.ts";
import { type HeaderReading, readHeaders } from "./headerNames.ts";
import type { ImportInput } from "./importSchemas.ts";
import { parseTable } from "./parseTable.ts";
import { type ProductRow, type RawRow, readProductRow, type RowError } from "./readProductRow.ts";

/** An uploaded row, read or refused. */
export interface UploadedRow {
  readonly place: number;
  readonly sku: string | null;
  readonly row?: ProductRow;
  readonly error?: RowError;
}

/** An upload, read. */
export interface Upload {
  readonly headers: HeaderReading;
  readonly rows: readonly UploadedRow[];
}

const mostRows = 5_000;

/** Reads what a vendor has uploaded. What is wrong with a row is the row's; what is wrong with the head is the file's. */
export function readUpload({ csv, rows }: ImportInput, categories: ReadonlyMap<string, string>): Upload {
  const { head, records } = csv === undefined ? ofRows(rows!) : ofText(csv);
  const headers = readHeaders(head);
  const faults = [
    ...headers.refused.map(({ header, reason }) => ({ path: header, code: "refused_header", message: reason })),
    ...([...headers.mapped.values()].includes("sku") ? [] : [{
      path: "sku",
      code: "missing_header",
      message: "No column is a SKU: without one a product is not known again",
    }]),
    ...(records.length > mostRows
      ? [{
        path: "csv",
        code: "too_many_rows",
        message: `There are ${records.length} rows: send at most ${mostRows} at once`,
      }]
      : []),
  ];
  if (faults.length > 0) {
    throw new AppError("invalid_input", `Cannot import the catalog: ${faults[0]!.message}`, {
      details: { issues: faults },
    });
  }
  const seen = new Map<string, number>();
  return {
    headers,
    rows: records.map((record, index) => readRecord(record, { headers, categories, seen, place: index + 1 })),
  };
}

type RawRecord = ReadonlyMap<string, unknown>;

function ofText(csv: string): { head: readonly string[]; records: RawRecord[] } {
  const { head, rows } = parseTable(csv);
  const cells = (row: readonly string[]): RawRecord =>
    new Map(row.map((cell, column) => [head[column] ?? `column ${column + 1}`, cell]));
  return { head, records: rows.map(cells) };
}

function ofRows(rows: readonly Readonly<Record<string, unknown>>[]): { head: string[]; records: RawRecord[] } {
  return {
    head: [...new Set(rows.flatMap((row) => Object.keys(row)))],
    records: rows.map((row) => new Map(Object.entries(row))),
  };
}

interface Reading {
  readonly headers: HeaderReading;
  readonly categories: ReadonlyMap<string, string>;
  readonly seen: Map<string, number>;
  readonly place: number;
}

function readRecord(record: RawRecord, { headers, categories, seen, place }: Reading): UploadedRow {
  const raw: Record<string, unknown> = {};
  const others: Record<string, unknown> = {};
  for (const [header, value] of record) {
    const column = headers.mapped.get(header);
    if (column !== undefined) raw[column] = value;
    else if (value !== "" && value !== null) others[header] = value;
  }
  const reading = readProductRow(raw as RawRow, categories);
  const sku = typeof raw.sku === "string" || typeof raw.sku === "number" ? String(raw.sku).trim() || null : null;
  if (reading.error !== undefined) return { place, sku, error: reading.error };
  const { row } = reading;
  const earlier = seen.get(row.sku);
  if (earlier !== undefined) {
    return { place, sku, error: { code: "duplicate", field: "sku", message: `Row ${earlier} has the same SKU` } };
  }
  seen.set(row.sku, place);
  return { place, sku, row: { ...others, ...row } };
}
