import { conceptDictionary } from "./conceptDictionary.ts";
import { normalizeText, splitName, tokenizeName } from "./tokenizeName.ts";
import { createToken, isQualifier, type NameToken } from "./nameToken.ts";

/** A column name, taken apart once. */
export interface NameProfile {
  readonly tokens: readonly NameToken[];
  /** The words as they are written. */
  readonly words: readonly string[];
  /** Each token's share of the name's meaning; they sum to one. */
  readonly weights: readonly number[];
  /** The name as normalized letters and digits only. */
  readonly squashed: string;
  /** Sorted hashes of the squashed name's padded trigrams (bigrams for ideographs). */
  readonly grams: Int32Array;
  /** The first letters of the words: "dob" is the initials of "date of birth". */
  readonly initials: string;
  /** False for names such as "col3" or "" that say nothing of the meaning. */
  readonly isInformative: boolean;
  /** Whether any of its words is in the dictionary. */
  readonly isKnown: boolean;
  readonly hasQualifier: boolean;
  readonly digits: string;
  /** The ideographic part of the name as a set of characters. */
  readonly ideographs: ReadonlySet<string>;
}

/** Words of a name that count; the alignment keeps them as bits. */
const mostWords = 24;
const saysNothing =
  /^(?:(?:unnamed|column|columna|colonne|spalte|col|field|attribute|attr|var|variable|c|f|v|x|a)?\d*)$/;

/** Takes the names of one table apart; a word that many of its columns share weighs little. */
export function profileNames(names: readonly string[]): NameProfile[] {
  const words = names.map(tokenizeName);
  const frequencies = new Map<string, number>();
  for (const list of words) for (const word of new Set(list)) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
  const known = new Map<string, NameToken>();
  const toToken = (word: string): NameToken => {
    let token = known.get(word);
    if (token === undefined) known.set(word, token = createToken(known.size, word, conceptDictionary().lookUp(word)));
    return token;
  };
  const scale = Math.log(1 + names.length);
  return names.map((name, index) => {
    const squashed = normalizeText(name).replace(/[^\p{L}\p{N}]/gu, "");
    const isInformative = !saysNothing.test(squashed);
    // the number of a "col2" is no qualifier
    const tokens = isInformative ? (words[index] as string[]).slice(0, mostWords).map(toToken) : [];
    const raw = tokens.map((token) =>
      token.importance * (scale === 0 ? 1 : Math.log(1 + names.length / (frequencies.get(token.text) ?? 1)) / scale)
    );
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return {
      tokens,
      words: splitName(name),
      weights: raw.map((weight) => sum === 0 ? 0 : weight / sum),
      squashed,
      grams: toGrams(squashed),
      initials: tokens.flatMap((token) => token.text.split("_").map((word) => word[0] ?? "")).join(""),
      isInformative,
      isKnown: tokens.some((token) => token.concepts.length > 0),
      digits: squashed.replace(/\D/g, ""),
      hasQualifier: tokens.some(isQualifier),
      ideographs: new Set(squashed.match(/[\u3400-\u9fff]/g) ?? []),
    };
  });
}

function toGrams(text: string): Int32Array {
  const padded = ` ${text} `;
  const size = /[^\u0020-\u024f]/.test(text) ? 2 : 3;
  const grams = new Set<number>();
  for (let at = 0; at + size <= padded.length; at++) {
    let hash = 0;
    for (let offset = 0; offset < size; offset++) hash = (Math.imul(hash, 65599) + padded.charCodeAt(at + offset)) | 0;
    grams.add(hash);
  }
  return Int32Array.from(grams).sort();
}
