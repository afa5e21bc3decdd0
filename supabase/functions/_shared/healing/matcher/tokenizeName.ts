import { conceptDictionary } from "./conceptDictionary.ts";
import { simplifyChinese } from "./simplifyChinese.ts";

const longestPhrase = 3;
const longestIdeographicWord = 6;

/** Lower case without accents, in simplified characters and compatibility forms. */
export function normalizeText(text: string): string {
  const plain = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").normalize("NFC").toLowerCase();
  return /[\u4e00-\u9fff]/.test(plain) ? simplifyChinese(plain) : plain;
}

/**
 * Splits a column name into words: separators, camelCase, digits, phrases and run-together words of the dictionary,
 * and Chinese by the longest known word.
 */
export function tokenizeName(name: string): string[] {
  const words = splitName(name).flatMap((run) =>
    /^[\u3400-\u9fff]/.test(run) ? segmentIdeographs(run) : splitRunTogether(run)
  );
  return joinPhrases(words);
}

/** Splits a column name where its writing does: at separators, capitals and digits. */
export function splitName(name: string): string[] {
  const spaced = name.replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2").replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2");
  return normalizeText(spaced).match(
    /[\u3400-\u9fff]+|\d+|[\p{L}\p{M}](?:[\p{L}\p{M}](?<![\u3400-\u9fff]))*/gu,
  ) ?? [];
}

function joinPhrases(words: readonly string[]): string[] {
  const dictionary = conceptDictionary();
  const result: string[] = [];
  for (let start = 0; start < words.length;) {
    let size = Math.min(longestPhrase, words.length - start);
    while (size > 1 && !dictionary.isPhrase(words.slice(start, start + size).join("_"))) size--;
    result.push(words.slice(start, start + size).join("_"));
    start += size;
  }
  return result;
}

function segmentIdeographs(run: string): string[] {
  const dictionary = conceptDictionary();
  const result: string[] = [];
  let unknown = "";
  for (let start = 0; start < run.length;) {
    let size = Math.min(longestIdeographicWord, run.length - start);
    while (size > 0 && !dictionary.isWord(run.slice(start, start + size))) size--;
    if (size === 0) {
      unknown += run[start++];
      continue;
    }
    if (unknown !== "") result.push(unknown);
    unknown = "";
    result.push(run.slice(start, start + size));
    start += size;
  }
  return unknown === "" ? result : [...result, unknown];
}

/** "firstname" -> "first", "name": only where both halves are known words and the whole is not. */
function splitRunTogether(run: string): string[] {
  const dictionary = conceptDictionary();
  if (run.length < 6 || !/^[a-z]+$/.test(run) || dictionary.lookUp(run).length > 0) return [run];
  for (let cut = run.length - 3; cut >= 3; cut--) {
    const head = run.slice(0, cut);
    const tail = run.slice(cut);
    if (isWhole(head) && isWhole(tail)) return [head, tail];
  }
  for (const tail of ["id", "no"]) {
    if (run.endsWith(tail) && isWhole(run.slice(0, -2))) return [run.slice(0, -2), tail];
  }
  return [run];

  function isWhole(word: string): boolean {
    return dictionary.isWord(word);
  }
}
