import { betaPosterior } from "../patterns/betaPosterior.ts";
import { countVotes } from "./countVotes.ts";
import type { HealVote } from "./healVote.ts";
import { type MinedRule, ruleIdOf, type RuleKind, type RuleShape } from "./healingRule.ts";
import { RuleIndex } from "./ruleIndex.ts";
import { type KnownColumns, type SplitVote, tryRule } from "./ruleTrial.ts";
import { ruleWordsOf } from "./ruleWords.ts";
import { isReordered, suggestRules } from "./suggestRules.ts";

/** When the past is enough for a rule. Measured on made-up pasts: docs/decisions/healing-rules.md. */
export interface MiningPolicy {
  /** The lower bound that rules on words must reach. @default 0.9: 28 votes without one against */
  readonly promoteAt?: number;
  /** The same for a whole key, which can go wrong in one place alone. @default 0.8: 13 votes */
  readonly promoteKeyAt?: number;
  /** Different tables, unless it is a rule of one. @default 3 */
  readonly minTables?: number;
  /** Different keys, unless it is a rule of one. @default 3 */
  readonly minKeys?: number;
  /** Fixes of an advisor that it saves, and no rule before it. @default 5 */
  readonly minGain?: number;
  /** Rules found at once. @default 50 */
  readonly mostRules?: number;
}

/** What is known besides the votes. */
export interface MiningContext {
  /** The columns that tables have, by `schema.name`. @default those that are named in votes */
  readonly columns?: ReadonlyMap<string, readonly string[]>;
  readonly policy?: MiningPolicy;
}

interface Candidate {
  readonly shape: RuleShape;
  /** Advised votes that suggested it, by their places. */
  readonly by: number[];
}

const mostPasses = 3;
const mostForms = 8;
const mostSources = 20;
const mostCandidates = 500;
/** Of the wrong fixes few are seen: one that was taken back stands for some that were not. */
const weightOfTakenBack = 3;
const generality: readonly RuleKind[] = ["prefix", "suffix", "word", "order", "key"];

/** What is said of two words at once, or of whole keys, may follow from what is said of one. */
const isSimple = ({ kind, from }: RuleShape) => kind !== "key" && (kind !== "word" || !from.includes(" "));

/**
 * Finds the rules behind fixes, the most general ones first. The same votes give the same rules, in whatever order they
 * come. A rule has to explain fixes that those before it do not; later passes look at what is left with the rules that were
 * found, so that `fld_kd` for `customer` is two rules.
 */
export async function mineRules(given: readonly HealVote[], { columns, policy = {} }: MiningContext = {}) {
  const votes = split(sorted(given));
  const miner = new Miner(votes, knownColumns(votes, columns), policy);
  for (let pass = 0; pass < mostPasses; pass++) if (!miner.pass(isSimple, pass > 0)) break;
  miner.pass(() => true);
  return await Promise.all(
    miner.found.map(async (rule): Promise<MinedRule> => ({ id: await ruleIdOf(rule), ...rule })),
  );
}

class Miner {
  readonly found: Omit<MinedRule, "id">[] = [];
  readonly #open = new Set<number>();
  readonly #places: readonly number[];
  readonly #byWord = new Map<string, number[]>();
  readonly #policy: Required<MiningPolicy>;
  #index = new RuleIndex<RuleShape>();

  constructor(readonly votes: readonly SplitVote[], readonly columns: KnownColumns, policy: MiningPolicy) {
    this.#policy = {
      promoteAt: policy.promoteAt ?? 0.9,
      promoteKeyAt: policy.promoteKeyAt ?? 0.8,
      minTables: policy.minTables ?? 3,
      minKeys: policy.minKeys ?? 3,
      minGain: policy.minGain ?? 5,
      mostRules: policy.mostRules ?? 50,
    };
    this.#places = [...votes.keys()];
    votes.forEach(({ keyWords, isRight, isAdvised }, place) => {
      if (isRight && isAdvised) this.#open.add(place);
      for (const word of new Set(keyWords)) {
        const places = this.#byWord.get(word);
        if (places === undefined) this.#byWord.set(word, [place]);
        else places.push(place);
      }
    });
  }

  /** Was anything found? */
  pass(isWanted: (shape: RuleShape) => boolean, isAgain = false): boolean {
    const before = this.found.length;
    for (const { shape, by } of this.#candidates(isWanted, isAgain)) {
      if (this.found.length >= this.#policy.mostRules) break;
      if (this.#gainOf(by) < this.#policy.minGain) continue;
      for (const scoped of [shape, ...this.#withinTables(shape, by)]) {
        const proven = this.#prove(scoped);
        if (proven === undefined) continue;
        this.#keep(proven);
        if (scoped.table === undefined) break;
      }
    }
    return this.found.length > before;
  }

  #candidates(isWanted: (shape: RuleShape) => boolean, isAgain: boolean): Candidate[] {
    const candidates = new Map<string, Candidate>();
    for (const place of this.#open) {
      const { keyWords, columnWords, table } = this.votes[place]!;
      const isTouched = this.#index.touches(keyWords);
      if (isAgain && !isTouched) continue; // It suggests what it suggested before.
      const forms = isTouched
        ? [...this.#index.formsOf(keyWords, table).values()].slice(0, mostForms).map(({ words }) => words)
        : [keyWords];
      for (const words of forms) {
        for (const shape of suggestRules(words, columnWords)) {
          if (!isWanted(shape)) continue;
          const name = `${shape.kind}:${shape.from}>${shape.to}`;
          const known = candidates.get(name);
          if (known === undefined) candidates.set(name, { shape, by: [place] });
          else if (known.by.at(-1) !== place) known.by.push(place);
        }
      }
    }
    return [...candidates.values()]
      .filter(({ by }) => by.length >= this.#policy.minGain)
      .sort(compareGenerality)
      .slice(0, mostCandidates);
  }

  #gainOf(by: readonly number[]): number {
    let gain = 0;
    for (const place of by) if (this.#open.has(place)) gain++;
    return gain;
  }

  /** Tables in which so many fixes speak for a rule that it may hold there, though it does not everywhere. */
  #withinTables({ kind, from, to }: RuleShape, by: readonly number[]): RuleShape[] {
    if (kind === "key") return []; // One key of one table is what a pattern is.
    const tables = new Map<string, number>();
    for (const place of by) {
      const { table } = this.votes[place]!;
      tables.set(table, (tables.get(table) ?? 0) + 1);
    }
    return [...tables].filter(([, count]) => count >= this.#policy.minGain).map(([table]) => table).sort()
      .map((table) => ({ kind, from, to, table }));
  }

  #prove(shape: RuleShape): Omit<MinedRule, "id"> | undefined {
    const { promoteAt, promoteKeyAt, minTables, minKeys } = this.#policy;
    const bound = shape.kind === "key" ? promoteKeyAt : promoteAt;
    const index = new RuleIndex<RuleShape>([...this.found.filter(({ kind }) => kind !== "key"), shape]);
    const touched = this.#touchedBy(shape);
    const right: SplitVote[] = [];
    let contradictions = 0;
    for (const place of touched) {
      const vote = this.votes[place]!;
      const result = tryRule(shape, vote, index, this.columns);
      if (result === "right") right.push(vote);
      else if (result === "wrong") contradictions += vote.isRight ? 1 : weightOfTakenBack;
      // The bound lies below the mean: whatever the rest says, it cannot be reached any more.
      if (contradictions > 1 + touched.length * (1 - bound) / bound) return undefined;
    }
    const isWithinTable = shape.table !== undefined;
    const support = countVotes(right, isWithinTable);
    const tables = new Set(right.map(({ table }) => table)).size;
    const keys = new Set(right.map(({ keyText }) => keyText)).size;
    const { lowerBound } = betaPosterior({ successes: support, failures: contradictions });
    if (lowerBound < bound) return undefined;
    if (!isWithinTable && tables < minTables || shape.kind !== "key" && keys < minKeys) return undefined;
    const sources = right.flatMap((vote) => vote.sources).sort().slice(0, mostSources);
    return { ...shape, proof: { support, contradictions, tables, keys, lowerBound, sources } };
  }

  /** The votes, by place, whose keys have the rule's first word, or get it by a rule that was found before. */
  #touchedBy({ kind, from, table }: RuleShape): readonly number[] {
    let touched: readonly number[] = this.#places;
    if (kind !== "order" && from !== "") {
      const first = from.split(" ", 1)[0]!;
      touched = this.#byWord.get(first) ?? [];
      const makers = this.found.filter((rule) => rule.from !== "" && rule.to.split(" ").includes(first));
      if (makers.length > 0) {
        const more = makers.flatMap((rule) => this.#byWord.get(rule.from.split(" ", 1)[0]!) ?? []);
        touched = [...new Set([...touched, ...more])];
      }
    }
    return table === undefined ? touched : touched.filter((place) => this.votes[place]!.table === table);
  }

  #keep(rule: Omit<MinedRule, "id">): void {
    this.found.push(rule);
    this.#index = new RuleIndex(this.found);
    for (const place of this.#touchedBy(rule)) {
      if (!this.#open.has(place)) continue;
      const { keyWords, columnWords, columnText, table } = this.votes[place]!;
      const forms = this.#index.formsOf(keyWords, table);
      const hasOrder = this.#index.orderFor(table) !== undefined;
      const isReached = forms.has(columnText) ||
        hasOrder && [...forms.values()].some(({ words }) => isReordered(words, columnWords));
      if (isReached) this.#open.delete(place);
    }
  }
}

function compareGenerality(one: Candidate, other: Candidate): number {
  const kinds = generality.indexOf(one.shape.kind) - generality.indexOf(other.shape.kind);
  const lengths = one.shape.from.length - other.shape.from.length;
  return other.by.length - one.by.length || kinds || lengths || (textOf(one) < textOf(other) ? -1 : 1);
}

function textOf({ shape: { kind, from, to } }: Candidate): string {
  return `${kind} ${from} > ${to}`;
}

function split(votes: readonly HealVote[]): SplitVote[] {
  const words = new Map<string, readonly string[]>();
  const wordsOf = (name: string) => {
    let found = words.get(name);
    if (found === undefined) words.set(name, found = ruleWordsOf(name));
    return found;
  };
  return votes.map((vote): SplitVote => {
    const [keyWords, columnWords] = [wordsOf(vote.key), wordsOf(vote.column)];
    return { ...vote, keyWords, columnWords, keyText: keyWords.join(" "), columnText: columnWords.join(" ") };
  }).filter(({ keyWords, columnWords }) => keyWords.length > 0 && columnWords.length > 0);
}

/** In one order, whatever the order they were read in. */
function sorted(votes: readonly HealVote[]): HealVote[] {
  return votes.map((vote) => ({ vote, name: JSON.stringify([vote.table, vote.key, vote.column, vote.isRight]) }))
    .sort((one, other) => one.name < other.name ? -1 : one.name > other.name ? 1 : 0)
    .map(({ vote }) => vote);
}

function knownColumns(votes: readonly SplitVote[], given: MiningContext["columns"] = new Map()): KnownColumns {
  const known = new Map<string, Set<string>>();
  const add = (table: string, name: string) => {
    const names = known.get(table);
    if (names === undefined) known.set(table, new Set([name]));
    else names.add(name);
  };
  for (const { table, columnText } of votes) add(table, columnText);
  for (const [table, names] of given) for (const name of names) add(table, ruleWordsOf(name).join(" "));
  return known;
}
