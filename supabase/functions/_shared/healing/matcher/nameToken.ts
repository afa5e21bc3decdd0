import type { Concept } from "./conceptDictionary.ts";
import { isCommonWord } from "./isCommonWord.ts";
import { stemWord } from "./stemWord.ts";
import { abbreviationSimilarity, countBits, editDistance, letterMask } from "./stringSimilarity.ts";

/** One word of a column name. */
export interface NameToken {
  /** Its number among the different words of its table. */
  readonly index: number;
  readonly text: string;
  readonly stem: string;
  readonly concepts: readonly Concept[];
  /** The family of qualifiers it belongs to, such as "purpose" for shipping and billing. */
  readonly family: string | undefined;
  readonly isNumber: boolean;
  /** Whether it is a word as it stands, and so rather meant than a slip of another. */
  readonly isWord: boolean;
  readonly isIdeographic: boolean;
  /** Whether it only says of what sort the column is: what an "item name" names is in "item". */
  readonly isGeneric: boolean;
  /** Whether it makes another thing of what it stands by: a city's id is no city. */
  readonly isAttribute: boolean;
  /** How much a word of this sort says, before its frequency in the table counts. */
  readonly importance: number;
  readonly mask: number;
}

const fillers = new Set(
  "at by of the a an in on to for and or is has was with de la le du des der die das el los da do del di per x".split(
    " ",
  ),
);
const generic = new Set(
  ("name date time year id code number type value data count total address title price amount rate percent text " +
    "attribute field info row list unit group status").split(" "),
);
const attributes = new Set("id code type rate status unit group".split(" "));
const vague = new Set("data value attribute field info row list".split(" "));

/** Makes a token of a word and what the dictionary knows of it. */
export function createToken(index: number, text: string, concepts: readonly Concept[]): NameToken {
  const stem = stemWord(text);
  const isNumber = /^\d+$/.test(text);
  return {
    index,
    text,
    stem,
    concepts,
    isWord: concepts.length > 0 || isNumber || fillers.has(text) || isCommonWord(text) || isCommonWord(stem),
    family: concepts.find((concept) => concept.family !== undefined)?.family,
    isNumber,
    isGeneric: fillers.has(text) || concepts.some((concept) => generic.has(concept.name)),
    isAttribute: concepts.some((concept) => attributes.has(concept.name)),
    isIdeographic: /^[\u3400-\u9fff]/.test(text),
    importance: fillers.has(text) ? 0.15 : concepts.some((concept) => vague.has(concept.name)) ? 0.5 : 1,
    mask: letterMask(text),
  };
}

/** Whether the word sets a column apart from its near-twins: "billing", "updated", "2". */
export function isQualifier(token: NameToken): boolean {
  return token.isNumber || token.family !== undefined;
}

/** How alike words are that a slip of the keys would make of each other. */
const lookalike = 0.4;

/** How alike two words are: 1 is the same word, 0.93 the same meaning, below 0.5 merely related. */
export function compareTokens(a: NameToken, b: NameToken): number {
  if (a.text === b.text || a.stem === b.stem) return 1;
  if (a.isNumber || b.isNumber) return 0;
  let best = 0;
  for (const mine of a.concepts) {
    for (const theirs of b.concepts) {
      if (mine === theirs) return 0.93;
      if (mine.group === theirs.group && mine.family === undefined && theirs.family === undefined) best = 0.3;
    }
  }
  if (a.isIdeographic !== b.isIdeographic) return best;
  return Math.max(best, a.isIdeographic ? compareIdeographs(a.text, b.text) : compareLetters(a, b));
}

function compareIdeographs(a: string, b: string): number {
  let shared = 0;
  for (const character of new Set(a)) if (b.includes(character)) shared++;
  return 0.9 * 2 * shared / (a.length + b.length);
}

function compareLetters(a: NameToken, b: NameToken): number {
  const [short, long] = a.text.length <= b.text.length ? [a, b] : [b, a];
  // a word that lacks two of the other's letters is neither its typo nor its abbreviation
  if (countBits(short.mask & ~long.mask) > 2 || short.text.length < 2) return 0;
  const longest = Math.max(short.stem.length, long.stem.length);
  if (areLookalikes(a, b)) return lookalike;
  const isKnownPair = a.concepts.length > 0 && b.concepts.length > 0;
  const abbreviated = abbreviationSimilarity(short.text, long.text) * (isKnownPair ? 0.6 : 1);
  if (short.text.length < 4 || long.text.length - short.text.length > 3) return abbreviated;
  const edits = editDistance(short.stem, long.stem);
  if (edits === 1 || (edits === 2 && longest >= 8)) return Math.max(abbreviated, 0.9);
  return Math.max(abbreviated, edits / longest > 0.3 ? 0 : 0.97 * (1 - edits / longest));
}

/**
 * Whether two words are a letter or two apart, such as county and country or plan and plant: rather two words than a slip
 * or a short form.
 */
export function areLookalikes(a: NameToken, b: NameToken): boolean {
  const longest = Math.max(a.text.length, b.text.length);
  if (!a.isWord || !b.isWord || a.isNumber || b.isNumber || a.stem === b.stem) return false;
  if (Math.abs(a.text.length - b.text.length) > 2 || a.concepts.some((concept) => b.concepts.includes(concept))) {
    return false;
  }
  const edits = editDistance(a.text, b.text);
  return edits <= 2 && edits / longest <= 0.34;
}
