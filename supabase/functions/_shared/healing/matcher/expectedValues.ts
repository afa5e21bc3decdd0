import type { NameProfile } from "./nameProfile.ts";
import { type ValueKind, valueKinds } from "./valueKind.ts";

type Expectation = Partial<Record<ValueKind, number>>;

/** What kinds of values a name of each sort leads one to expect, and how much. */
const expectations: Readonly<Record<string, Expectation>> = {
  date: { date: 1, datetime: 1, time: 0.6, integer: 0.2 },
  number: { integer: 1, decimal: 0.9, measure: 0.5, ratio: 0.3, percent: 0.2 },
  money: { money: 1, integer: 0.8, decimal: 0.8, measure: 0.5, ratio: 0.3 },
  measure: { measure: 1, decimal: 0.8, integer: 0.6, ratio: 0.4, code: 0.3, phrase: 0.3 },
  percent: { percent: 1, decimal: 0.8, integer: 0.5 },
  latlon: { decimal: 1 },
  place: { word: 1, phrase: 0.8, code: 0.2 },
  address: { phrase: 1, sentence: 0.9, word: 0.4 },
  code: { code: 1, integer: 0.8, uuid: 1, word: 0.5 },
  phone: { phone: 1, integer: 0.5 },
  email: { email: 1 },
  url: { url: 1, image: 0.4 },
  image: { image: 1, url: 0.6 },
  short: { word: 0.8, phrase: 1, sentence: 0.8 },
  long: { sentence: 1, paragraph: 1, phrase: 0.5 },
  category: { word: 1, phrase: 0.7, code: 0.4, integer: 0.2 },
  boolean: { boolean: 1, integer: 0.2, word: 0.2 },
};

/** Kinds so particular that meeting the expectation is strong evidence. */
const particular: ReadonlySet<ValueKind> = new Set(
  ["date", "datetime", "url", "image", "email", "uuid", "phone", "money", "percent", "paragraph"] satisfies ValueKind[],
);

/** The kinds of values a name lets expect, in the order of `valueKinds`. */
export interface ExpectedKinds {
  readonly all: Float64Array;
  readonly particular: Float64Array;
}

const compiled = new Map<string, ExpectedKinds>();

/** What a name's last telling word lets expect of its values; undefined when it says nothing of them. */
export function expectKinds(name: NameProfile): ExpectedKinds | undefined {
  for (let at = name.tokens.length - 1; at >= 0; at--) {
    const sort = name.tokens[at]?.concepts.find((concept) => concept.expectedValues)?.expectedValues;
    if (sort !== undefined) return compile(sort);
  }
  return undefined;
}

function compile(sort: string): ExpectedKinds {
  let known = compiled.get(sort);
  if (known === undefined) {
    const wanted = expectations[sort] ?? {};
    known = {
      all: Float64Array.from(valueKinds, (kind) => wanted[kind] ?? 0),
      particular: Float64Array.from(valueKinds, (kind) => particular.has(kind) ? wanted[kind] ?? 0 : 0),
    };
    compiled.set(sort, known);
  }
  return known;
}
