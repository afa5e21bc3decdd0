import { kindOfValue } from "../matcher/valueKind.ts";

const classes: readonly (readonly [string, RegExp])[] = [
  ["letters", /\p{L}/u],
  ["digits", /\p{N}/u],
  ["blanks", /\s/],
  ["marks", /[^\p{L}\p{N}\s]/u],
];
const longestRead = 160;

/**
 * Says what a value looks like without giving it away: its type, its length, its sort and its sorts of characters.
 *
 * @example
 * ```ts
 * valueShape("ann@example.org"); // "text, 15 chars, email-like, letters and marks"
 * ```
 */
export function valueShape(value: unknown): string {
  if (value === null) return "null";
  switch (typeof value) {
    case "string":
      return textShape(value);
    case "number":
    case "bigint":
      return numberShape(value);
    case "object":
      return objectShape(value);
    default:
      return typeof value;
  }
}

function textShape(text: string): string {
  const trimmed = text.slice(0, longestRead).trim();
  if (trimmed === "") return `text, ${text.length} chars, blank`;
  const found = classes.filter(([, pattern]) => pattern.test(trimmed)).map(([name]) => name);
  return `text, ${text.length} chars, ${kindOfValue(trimmed.toLowerCase())}-like, ${found.join(" and ")}`;
}

function numberShape(value: number | bigint): string {
  if (typeof value === "number" && !Number.isFinite(value)) return "number, not finite";
  const digits = String(value).replace(/\D/g, "").length;
  const sort = typeof value === "bigint" || Number.isInteger(value) ? "integer" : "decimal";
  return `number, ${sort}, ${digits} digits${value < 0 ? ", negative" : ""}`;
}

function objectShape(value: object): string {
  if (value instanceof Date) return "moment";
  if (value instanceof Uint8Array) return `bytes, ${value.length}`;
  if (!Array.isArray(value)) return `object, ${Object.keys(value).length} members`;
  const sorts = new Set(
    value.map((member) => member === null ? "null" : Array.isArray(member) ? "list" : typeof member),
  );
  return `list, ${value.length} members${sorts.size === 0 ? "" : `, of ${[...sorts].sort().join(" and ")}`}`;
}
