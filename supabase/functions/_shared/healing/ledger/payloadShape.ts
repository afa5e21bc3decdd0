import { stableHash } from "../../random/stableHash.ts";

/** Where one key of a payload went. */
export type PayloadPart =
  /** To a column, which gives the very value back. */
  | { readonly key: string; readonly column: string }
  /** To a column, in a form from which the exact text cannot be told: the note keeps it. */
  | { readonly key: string; readonly column: string; readonly note: string }
  /** To the rescue ledger. */
  | { readonly key: string; readonly isRescued: true };

/** A payload's keys in their order and where each went: with the row and the rescued text, all there is to know. */
export interface PayloadShape {
  readonly parts: readonly PayloadPart[];
  /** Of the exact text: tells whether a row still says what was sent, or has been changed since. */
  readonly fingerprint: string;
}

/** A short name for a text. Not against an attacker: against a row that somebody has updated. */
export function fingerprintOf(text: string): string {
  return `${text.length}:${stableHash(text).toString(36)}:${stableHash(`${text}\u0001`).toString(36)}`;
}
