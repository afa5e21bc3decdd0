import { expandAbbreviation } from "./abbreviations.ts";
import { isCommonWord } from "./isCommonWord.ts";
import type { NameProfile } from "./nameProfile.ts";
import { stemWord } from "./stemWord.ts";
import { abbreviationSimilarity } from "./stringSimilarity.ts";

const byConsonants = 0.75;

/** Whether one name is the other, word for word, with one word or more written short: `acct_no` for `account_number`. */
export function isShortForm(short: NameProfile, long: NameProfile): boolean {
  const { words } = short;
  if (words.length !== long.words.length || short.squashed === long.squashed) return false;
  return words.every((word, at) => word === long.words[at] || isShortWord(word, long.words[at]!));
}

function isShortWord(short: string, long: string): boolean {
  if (short.length < 2 || short.length >= long.length || !/^[a-z]+$/.test(short)) return false;
  const meanings = expandAbbreviation(short);
  if (meanings.length > 0 && (meanings.includes(long) || meanings.includes(stemWord(long)))) return true;
  // what is a word by itself is meant so, whatever it begins
  if (short.length < 3 || short[0] !== long[0] || isCommonWord(short)) return false;
  if (long.startsWith(short)) return short.length + 1 < long.length; // one letter less is a slip
  return abbreviationSimilarity(short, long) >= byConsonants;
}
