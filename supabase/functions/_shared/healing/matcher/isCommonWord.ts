import { commonWordBits } from "./commonWordBits.ts";
import { WordSet } from "./wordSet.ts";

let shared: WordSet | undefined;

/** Whether it is a common English word, so that it may be meant where it is one letter from another. */
export function isCommonWord(word: string): boolean {
  shared ??= new WordSet(Uint8Array.from(atob(commonWordBits.replaceAll("\n", "")), (byte) => byte.charCodeAt(0)));
  return shared.has(word);
}
