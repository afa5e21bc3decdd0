import { Buffer } from "node:buffer";

/**
 * A payload's value as JSON text from which the value can be told again. As `JSON.stringify`, but for what that loses:
 * a bigint is written as its digits, -0 with its sign, bytes as Postgres writes them, and a number that JSON has not as
 * the text Postgres reads for it. A key whose value is undefined was not sent.
 */
export function exactJson(value: unknown): string {
  switch (typeof value) {
    case "bigint":
      return String(value);
    case "number":
      if (!Number.isFinite(value)) return JSON.stringify(String(value));
      return Object.is(value, -0) ? "-0" : String(value);
    case "object":
      return value === null ? "null" : exactObject(value);
    default:
      return JSON.stringify(value) ?? "null"; // Only a list's member can be undefined here: it stands for null there.
  }
}

function exactObject(value: object): string {
  if (value instanceof Uint8Array) return `"\\\\x${Buffer.from(value).toString("hex")}"`;
  if ("toJSON" in value && typeof value.toJSON === "function") return exactJson(value.toJSON());
  if (Array.isArray(value)) return `[${value.map(exactJson).join(",")}]`;
  return exactObjectText(Object.entries(value).map(([key, inner]) => [key, inner] as const));
}

function exactObjectText(entries: readonly (readonly [string, unknown])[]): string {
  const members = entries.filter(([, inner]) => inner !== undefined);
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${exactJson(inner)}`).join(",")}}`;
}
