import { readDecimal } from "../coercion/decimal.ts";
import { readIsoTime } from "../coercion/isoTime.ts";
import type { ShapeRow } from "./shapeRow.ts";

/**
 * One text for all rows whose keys Postgres may take for equal, whatever the columns' types: case, blanks, hyphens and
 * braces (uuid, citext) and the spelling of numbers and times do not count. Too coarse costs a statement more, too fine
 * the whole upsert. Undefined where a column is null or left out.
 */
export function conflictKey(row: ShapeRow, columns: readonly string[]): string | undefined {
  const parts: string[] = [];
  for (const column of columns) {
    const value = Object.hasOwn(row, column) ? row[column] : undefined;
    if (value === null || value === undefined) return undefined;
    parts.push(coarse(value));
  }
  return JSON.stringify(parts);
}

function coarse(value: unknown): string {
  if (value instanceof Date) return coarse(Number.isNaN(value.getTime()) ? "" : value.toISOString());
  if (typeof value === "object") return coarse(JSON.stringify(value, sortKeys));
  const text = String(value).trim();
  const decimal = readDecimal(text);
  if (decimal !== undefined) {
    return decimal.digits === "" ? "0" : `${decimal.isNegative ? "-" : ""}${decimal.digits}e${decimal.exponent}`;
  }
  return momentOf(text) ?? text.normalize("NFKC").toLowerCase().replace(/[\s{}-]|^urn:uuid:/g, "");
}

/** The moment in UTC, as which a day and a time without zone count here too. */
function momentOf(text: string): string | undefined {
  const iso = readIsoTime(text);
  if (iso?.date === undefined) return undefined;
  const seconds = Date.parse(`${iso.date}T${iso.time ?? "00:00:00"}${iso.offset ?? "Z"}`) / 1_000;
  return Number.isNaN(seconds) ? undefined : `${seconds}.${iso.fraction}`;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => left < right ? -1 : 1));
}
