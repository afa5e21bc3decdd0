import { expandAbbreviation } from "./abbreviations.ts";
import { simplifyChinese } from "./simplifyChinese.ts";
import { stemWord } from "./stemWord.ts";
import { wordsOfContent } from "./wordsOfContent.ts";
import { wordsOfPeople } from "./wordsOfPeople.ts";
import { wordsOfPlace } from "./wordsOfPlace.ts";
import { wordsOfTime } from "./wordsOfTime.ts";
import { wordsOfTrade } from "./wordsOfTrade.ts";

/** What a column word means, whatever its language. */
export interface Concept {
  readonly index: number;
  readonly name: string;
  /** Concepts of a group are related, not equal. */
  readonly group: string;
  /** Two concepts of one family exclude each other: shipping or billing, created or updated. */
  readonly family?: string;
  /** The sort of values such a column usually holds. */
  readonly expectedValues?: string;
}

/** Words of several languages by what they mean. */
export interface ConceptDictionary {
  /** The concepts of a normalized word; empty when unknown. */
  lookUp(word: string): readonly Concept[];
  /** Whether the words, joined by "_", are an entry of their own, such as "date_of_birth". */
  isPhrase(joined: string): boolean;
  isWord(word: string): boolean;
}

let shared: ConceptDictionary | undefined;

/** The dictionary, compiled on first use (about 3 ms) and shared after that. */
export function conceptDictionary(): ConceptDictionary {
  shared ??= compile([wordsOfTime, wordsOfPlace, wordsOfPeople, wordsOfTrade, wordsOfContent].join("\n"));
  return shared;
}

function compile(text: string): ConceptDictionary {
  const table = new Map<string, Concept[]>();
  const add = (word: string, concept: Concept) => {
    const known = table.get(word);
    if (known === undefined) table.set(word, [concept]);
    else if (!known.includes(concept)) known.push(concept);
  };
  let index = 0;
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon < 0) continue;
    const concept = parseHead(line.slice(0, colon), index++);
    for (const word of line.slice(colon + 1).split(" ")) {
      if (word !== "") add(simplifyChinese(word), concept);
    }
  }
  const direct = (word: string) => table.get(word) ?? table.get(stemWord(word));
  const lookUp = (word: string): readonly Concept[] => {
    const expanded = expandAbbreviation(word).flatMap((long) => direct(long) ?? []);
    return [...new Set([...(direct(word) ?? []), ...expanded])];
  };
  return {
    lookUp,
    isPhrase: (joined) => table.has(joined),
    isWord: (word) => table.has(word) || expandAbbreviation(word).length > 0,
  };
}

function parseHead(head: string, index: number): Concept {
  const [name = "", ...marks] = head.trim().split(" ");
  const marked = (mark: string) => marks.find((part) => part.startsWith(mark))?.slice(1);
  const family = marked("~");
  const expectedValues = marked("=");
  return {
    index,
    name,
    group: marked("@") ?? name,
    ...(family === undefined ? {} : { family }),
    ...(expectedValues === undefined ? {} : { expectedValues }),
  };
}
