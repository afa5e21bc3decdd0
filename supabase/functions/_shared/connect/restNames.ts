import type { Match } from "./connector.ts";
import { checkList } from "./encodedMatch.ts";
import { CallRefusedError } from "./callRefusedError.ts";
import { checkName } from "./quoteIdentifier.ts";
import { jsonText, listText, scalarText } from "./valueText.ts";

/** A name as it stands in a URL's parameters: quoted, so that it can only ever be a name. */
export function quoteName(name: string): string {
  checkName(name);
  return quoteText(name);
}

export function nameList(names: readonly string[]): string {
  return names.map(quoteName).join(",");
}

/** Adds what rows must match as filters. What could mean more rows than was meant is refused. */
export function addMatch(parameters: URLSearchParams, match: Match): void {
  for (const [column, value] of Object.entries(match)) {
    const name = quoteName(column);
    if (value === undefined) throw new CallRefusedError("INVALID_CALL", `Cannot match "${column}" to undefined`);
    if (value === null) parameters.append(name, "is.null");
    else if (!Array.isArray(value)) parameters.append(name, `eq.${textOf(value)}`);
    else {
      checkList(column, value);
      // A list of nothing but an empty text is read there as an empty list.
      const [first] = value;
      if (value.length === 1) parameters.append(name, `eq.${textOf(first)}`);
      else parameters.append(name, `in.(${value.map((member) => quoteText(textOf(member))).join(",")})`);
    }
  }
}

function textOf(value: unknown): string {
  return scalarText(value) ?? (Array.isArray(value) ? listText(value) : undefined) ?? jsonText(value);
}

function quoteText(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
