import { exactJson } from "./exactJson.ts";
import { fingerprintOf, type PayloadPart, type PayloadShape } from "./payloadShape.ts";

/** A payload that has landed. */
export interface LandedPayload {
  /** The row as it was given to the wrapper. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Key to column, for every key that went to one; a key that is not here was rescued. */
  readonly mapping: ReadonlyMap<string, string>;
  /** The row as the database gave it back. */
  readonly landed: Readonly<Record<string, unknown>>;
}

/** What has to be kept of a payload besides its row. */
export interface DescribedPayload {
  readonly shape: PayloadShape;
  /** The rescued fields as a JSON object, in the payload's order and writing. */
  readonly rescuedText: string;
  /** The rescued keys, in order. */
  readonly rescuedKeys: readonly string[];
  /** Is there nothing to keep? Then all keys went to columns of their own names that give the very values back. */
  readonly isPlain: boolean;
}

/**
 * Finds what to keep so that the payload can be rebuilt to the letter, by looking at what came back instead of trusting in
 * what a coercion should have done: a value that does not come back as it was sent is noted as text.
 */
export function describePayload({ payload, mapping, landed }: LandedPayload): DescribedPayload {
  const parts: PayloadPart[] = [];
  const rescued: [string, string][] = [];
  const members: string[] = [];
  for (const [key, value] of Object.entries(payload)) {
    if (value === undefined) continue;
    const text = exactJson(value);
    members.push(`${JSON.stringify(key)}:${text}`);
    const column = mapping.get(key);
    if (column === undefined) {
      parts.push({ key, isRescued: true });
      rescued.push([key, text]);
      continue;
    }
    parts.push(givesBack(landed, column, text) ? { key, column } : { key, column, note: text });
  }
  const whole = "toJSON" in payload ? exactJson(payload) : `{${members.join(",")}}`;
  return {
    shape: { parts, fingerprint: fingerprintOf(whole) },
    rescuedText: `{${rescued.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(",")}}`,
    rescuedKeys: rescued.map(([key]) => key),
    isPlain: parts.every((part) => "column" in part && part.column === part.key && !("note" in part)),
  };
}

/**
 * Does the row give back a value whose exact text is `text`?
 * Dates, bytes and wide numbers come back in another form by another way (driver or PostgREST), so they count as not given
 * back even where this way gives the same text.
 */
export function givesBack(landed: Readonly<Record<string, unknown>>, column: string, text: string): boolean {
  if (!Object.hasOwn(landed, column)) return false;
  const value = landed[column];
  if (value === undefined || typeof value === "bigint" || value instanceof Date || ArrayBuffer.isView(value)) {
    return false;
  }
  if (Array.isArray(value) && value.some((member) => member instanceof Date)) return false;
  return exactJson(value) === text;
}
