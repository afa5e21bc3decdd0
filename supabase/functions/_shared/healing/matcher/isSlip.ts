import type { NameProfile } from "./nameProfile.ts";
import { areLookalikes, type NameToken } from "./nameToken.ts";
import { editDistance } from "./stringSimilarity.ts";

const shortestName = 4;
const longName = 9;
const longWord = 8;

/** Whether one name is the other with a slip of the keys: one edit, or two in a long name, and the same digits. */
export function isSlip(a: NameProfile, b: NameProfile): boolean {
  const shorter = Math.min(a.squashed.length, b.squashed.length);
  if (shorter < shortestName || Math.abs(a.squashed.length - b.squashed.length) > 2) return false;
  if (areOtherWords(a, b) || !areSlips(a.tokens, b.tokens)) return false;
  if (a.digits !== b.digits || !/^[a-z\d]+$/.test(a.squashed)) return false;
  return editDistance(a.squashed, b.squashed) <= (shorter >= longName ? 2 : 1);
}

/** Whether names differ by words alone: a guest name is no quest name, a county no country, near as their letters are. */
export function areOtherWords(a: NameProfile, b: NameProfile): boolean {
  return wordsOfOne(a, b).every(({ isWord }) => isWord) && wordsOfOne(b, a).every(({ isWord }) => isWord);
}

/** Whether names hold words that are a letter or two apart and mean two things: a booking's state is no booking's stake. */
export function holdLookalikes(a: NameProfile, b: NameProfile): boolean {
  const others = wordsOfOne(b, a);
  return wordsOfOne(a, b).some((word) => others.some((other) => areLookalikes(word, other)));
}

/** Two slips in one short word have made another word of it. */
function areSlips(a: readonly NameToken[], b: readonly NameToken[]): boolean {
  if (a.length !== b.length) return true; // One of them has a separator too many.
  return a.every(({ text }, at) => editDistance(text, b[at]!.text) <= (text.length >= longWord ? 2 : 1));
}

function wordsOfOne({ tokens }: NameProfile, other: NameProfile): NameToken[] {
  return tokens.filter((word) => !other.tokens.some(({ text }) => text === word.text));
}
