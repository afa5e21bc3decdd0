import type { Random } from "../../../random/random.ts";
import type { HealVote } from "../healVote.ts";

/** A vote of an advisor's fix that stands, with what is given changed. */
export function vote(key: string, column: string, options: Partial<HealVote> = {}): HealVote {
  const table = options.table ?? "public.orders";
  return { table, key, column, isRight: true, isAdvised: true, sources: [`${table}.${key}`], ...options };
}

/** How a made-up past came to be. */
export interface PastOptions {
  readonly random: Random;
  readonly tables?: number;
  /** Keys healed in each table, of each kind. */
  readonly keysOfTable?: number;
  /** How often the advisor is wrong, each time by itself. */
  readonly wrong?: number;
  /** Words for which the advisor is wrong each time, as a share of all words. */
  readonly alwaysWrong?: number;
  /** How many of its wrong fixes somebody takes back. */
  readonly noticed?: number;
  /** Votes among which nothing is alike. */
  readonly noise?: number;
}

/** A past and the truth behind it. */
export interface MadePast {
  readonly votes: readonly HealVote[];
  /** What a key means in truth, by the words that were replaced; undefined for words that stand for nothing. */
  meaningOf(word: string): string | undefined;
}

const rests = "total date name state code city note rate mail phone level title group type price weight".split(" ");

/** Foreign words of a made-up house, each meaning one word of the columns; keys are such a word and another one. */
export function madePast(options: PastOptions): MadePast {
  const { random, tables = 10, keysOfTable = 4, wrong = 0, alwaysWrong = 0, noticed = 0, noise = 0 } = options;
  const pick = <One>(list: readonly One[]) => list[Math.floor(random.next() * list.length)]!;
  const words = Array.from({ length: 10 }, (_, at) => `w${String.fromCharCode(97 + at)}x`);
  const truth = new Map(words.map((word, at) => [word, `thing${String.fromCharCode(97 + at)}`]));
  const others = [...truth.values(), "ghosta", "ghostb"];
  const wrongly = new Map(
    words.filter(() => random.next() < alwaysWrong).map((word) => [
      word,
      pick(others.filter((other) => other !== truth.get(word))),
    ]),
  );
  const votes: HealVote[] = [];
  for (let table = 0; table < tables; table++) {
    for (const word of words) {
      for (let count = 0; count < keysOfTable; count++) {
        const rest = pick(rests);
        const meant = truth.get(word)!;
        const said = wrongly.get(word) ?? (random.next() < wrong ? pick(others) : meant);
        const isRight = said === meant || random.next() >= noticed;
        votes.push(vote(`${word}_${rest}`, `${said}_${rest}`, { table: `t.t${table}`, isRight }));
      }
    }
  }
  for (let count = 0; count < noise; count++) {
    const [from, to] = [random.uuid().slice(0, 6), random.uuid().slice(0, 6)].map((text) => text.replace(/\d/g, "z"));
    votes.push(vote(`${from}_${pick(rests)}`, `${to}_${pick(rests)}`, { table: `t.t${count % tables}` }));
  }
  const seen = new Set<string>();
  return {
    votes: votes.filter(({ table, key }) => !seen.has(`${table} ${key}`) && seen.add(`${table} ${key}`)),
    meaningOf: (word) => truth.get(word),
  };
}
