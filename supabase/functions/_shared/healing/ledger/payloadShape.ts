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

/** Of a row with more columns, what is a number and what a text is written down. */
export const mostToldColumns = 16;

/** Is the text that of an integer, so that a column may have been sent it as one? */
export function isPlainNumber(text: string): boolean {
  return /^(?:0|-?[1-9]\d*)$/.test(text);
}

/** A short name for a text. Not against an attacker: against a row that somebody has updated. */
export function fingerprintOf(text: string): string {
  let [one, other] = [0x811c9dc5, 0xdeadbeef];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 0x9e3779b1);
    other = Math.imul(other ^ unit, 0x5f356495);
  }
  // Each half is stirred with the other: what the last characters have changed stands in the low bits alone.
  const first = Math.imul(one ^ (one >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
  const second = Math.imul(other ^ (other >>> 16), 0x85ebca6b) ^ Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return `${text.length}:${(first >>> 0).toString(36)}:${(second >>> 0).toString(36)}`;
}
