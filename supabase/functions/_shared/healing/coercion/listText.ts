import type { ColumnType } from "./columnType.ts";
import { parseExactJson } from "./exactJson.ts";

/** Members that cannot hold a comma, so that commas can only stand between them. */
const familiesWithoutCommas: ReadonlySet<string> = new Set(["integer", "boolean", "uuid", "date", "float", "numeric"]);

/** `1,5` and `1,234` are lists of two, or numbers. */
const numberWithComma = /^[+-]?\d+(?:,\d+|(?:,\d{3})+)(?:\.\d+)?$/;

/**
 * The members that a text lists: as JSON, as Postgres writes a simple array, or between commas where the members are of
 * a type that cannot hold one. Undefined where the text may as well be one value.
 */
export function readListText(text: string, member: ColumnType): readonly unknown[] | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith("[")) {
    const parsed = parseExactJson(trimmed);
    return parsed.ok && Array.isArray(parsed.value) ? parsed.value : undefined;
  }
  const braced = /^\{([^{}"\\]*)\}$/.exec(trimmed)?.[1];
  if (braced !== undefined) {
    if (braced.trim() === "") return [];
    return split(braced)?.map((text) => text.toUpperCase() === "NULL" ? null : text);
  }
  if (numberWithComma.test(trimmed)) return undefined;
  return trimmed.includes(",") && familiesWithoutCommas.has(member.family) ? split(trimmed) : undefined;
}

function split(text: string): string[] | undefined {
  const members = text.split(",").map((member) => member.trim());
  return members.includes("") ? undefined : members;
}

/** Could a person have meant a list by this text? */
export function looksLikeList(text: string): boolean {
  return /[,;|\n\t[\]{}]/.test(text) || text.trim() === "";
}
