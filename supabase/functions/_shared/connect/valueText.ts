import { Buffer } from "node:buffer";

/** The text that Postgres reads as the value of any type that is not json, or nothing if only JSON can carry it. */
export function scalarText(value: unknown): string | null | undefined {
  switch (typeof value) {
    case "string":
      // What is not well-formed would be replaced on its way; as JSON it arrives, or Postgres refuses it.
      return value.isWellFormed() ? value : undefined;
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "boolean":
    case "bigint":
      return String(value);
    case "object":
      if (value === null) return null;
      if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
      if (value instanceof Uint8Array) return bytesText(value);
  }
  return undefined;
}

/**
 * A value as JSON text for Postgres, with nothing lost that JavaScript's own would lose: bigints and -0 stay numbers,
 * NaN and the infinities become the texts that Postgres reads as such (else they would be null), bytes are hex.
 */
export function jsonText(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return JSON.stringify(prepare(value, 0)) ?? refuse(typeof value);
}

/** A row as a JSON object with the given keys. */
export function jsonRow(row: Readonly<Record<string, unknown>>, keys: readonly string[]): string {
  return `{${keys.map((key) => `${JSON.stringify(key)}:${jsonText(row[key])}`).join(",")}}`;
}

/** A value that JSON's own writer puts down as `jsonText` would. */
export function jsonValue(value: unknown): unknown {
  return prepare(value, 0);
}

/** A list as the text of a Postgres array, to be compared with; its members may not be lists. */
export function listText(values: readonly unknown[]): string | undefined {
  const members = values.map((value) => {
    const text = typeof value === "object" && value !== null ? scalarText(value) ?? jsonText(value) : scalarText(value);
    return typeof text === "string" ? `"${text.replace(/[\\"]/g, "\\$&")}"` : undefined;
  });
  return members.includes(undefined) ? undefined : `{${members.join(",")}}`;
}

const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
const deepest = 1_000;

function prepare(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case "number":
      if (Object.is(value, -0)) return rawJson("-0");
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return rawJson(String(value));
    case "function":
    case "symbol":
      return refuse(typeof value);
    case "object":
      break;
    default:
      return value;
  }
  if (value === null) return null;
  if (value instanceof Uint8Array) return bytesText(value);
  if (value instanceof Date && Number.isNaN(value.getTime())) refuse("an invalid date");
  if (depth > deepest) refuse("a structure that is deeper than 1,000 levels, or contains itself");
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return prepare(toJSON.call(value, ""), depth + 1);
  if (Array.isArray(value)) return value.map((member) => prepare(member ?? null, depth + 1));
  if ((JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON(value)) return value;
  const copy: Record<string, unknown> = Object.create(null); // A key may be "__proto__".
  for (const [key, member] of Object.entries(value)) copy[key] = prepare(member, depth + 1);
  return copy;
}

function bytesText(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}

function refuse(what: string): never {
  throw new TypeError(`Cannot send ${what} as a value`);
}
