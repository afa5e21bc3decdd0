import type { NameProfile } from "./nameProfile.ts";
import { editDistance } from "./stringSimilarity.ts";

const shortestName = 4;
const longName = 9;

/** Whether one name is the other with a slip of the keys: one edit, or two in a long name, and the same digits. */
export function isSlip(a: NameProfile, b: NameProfile): boolean {
  const shorter = Math.min(a.squashed.length, b.squashed.length);
  if (shorter < shortestName || Math.abs(a.squashed.length - b.squashed.length) > 2) return false;
  // two names of known words, such as county and country or male and mail, are two names
  if (a.isWhollyKnown && b.isWhollyKnown) return false;
  if (a.digits !== b.digits || !/^[a-z\d]+$/.test(a.squashed)) return false;
  return editDistance(a.squashed, b.squashed) <= (shorter >= longName ? 2 : 1);
}
