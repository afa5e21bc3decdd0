import type { RuleShape } from "./healingRule.ts";

/** A name that rules made of another. */
export interface NameForm<Rule extends RuleShape> {
  readonly words: readonly string[];
  /** In the order they were applied; none for the name as it was. */
  readonly rules: readonly Rule[];
}

const mostSteps = 3;
const mostForms = 64;

/** Rules, found by the first word they change. */
export class RuleIndex<Rule extends RuleShape> {
  readonly #byWord = new Map<string, Rule[]>();
  readonly #adding: Rule[] = [];
  readonly #orders: Rule[] = [];

  constructor(rules: Iterable<Rule> = []) {
    for (const rule of rules) this.add(rule);
  }

  /** Is there nothing that could be applied? */
  get isEmpty(): boolean {
    return this.#byWord.size + this.#adding.length + this.#orders.length === 0;
  }

  /** Might a rule say something of a name with these words? */
  touches(words: readonly string[]): boolean {
    return this.#adding.length > 0 || words.some((word) => this.#byWord.has(word));
  }

  /** Adds a rule. */
  add(rule: Rule): void {
    if (rule.kind === "order") this.#orders.push(rule);
    else if (rule.from === "") this.#adding.push(rule);
    else {
      const first = rule.from.split(" ", 1)[0]!;
      const others = this.#byWord.get(first);
      if (others === undefined) this.#byWord.set(first, [rule]);
      else others.push(rule);
    }
  }

  /**
   * What a name can become in a table, by its words joined with a space; each by the fewest rules, none of them twice.
   * Bounded: three rules at most, and 64 names.
   */
  formsOf(words: readonly string[], table: string): ReadonlyMap<string, NameForm<Rule>> {
    const forms = new Map<string, NameForm<Rule>>([[words.join(" "), { words, rules: [] }]]);
    let newest = [...forms.values()];
    for (let step = 0; step < mostSteps && newest.length > 0; step++) {
      const next: NameForm<Rule>[] = [];
      for (const form of newest) {
        for (const rule of this.#rulesFor(form.words)) {
          if (form.rules.includes(rule) || rule.table !== undefined && rule.table !== table) continue;
          const changed = applyRule(rule, form.words);
          if (changed === undefined) continue;
          const text = changed.join(" ");
          if (forms.has(text) || forms.size >= mostForms) continue;
          const made = { words: changed, rules: [...form.rules, rule] };
          forms.set(text, made);
          next.push(made);
        }
      }
      newest = next;
    }
    return forms;
  }

  /** The rule by which the order of words does not count in a table. */
  orderFor(table: string): Rule | undefined {
    return this.#orders.find((rule) => rule.table === undefined || rule.table === table);
  }

  *#rulesFor(words: readonly string[]): Iterable<Rule> {
    for (const word of new Set(words)) yield* this.#byWord.get(word) ?? [];
    yield* this.#adding;
  }
}

/** The words after a rule; undefined where it says nothing of them, or would leave none. */
export function applyRule({ kind, from, to }: RuleShape, words: readonly string[]): readonly string[] | undefined {
  const [old, fresh] = [wordsIn(from), wordsIn(to)];
  switch (kind) {
    case "word": {
      const at = placeOf(old, words);
      if (at === -1) return undefined;
      return [...words.slice(0, at), ...fresh, ...words.slice(at + old.length)];
    }
    case "prefix":
      if (old.length === 0) return [...fresh, ...words];
      return words.length > old.length && placeOf(old, words) === 0 ? words.slice(old.length) : undefined;
    case "suffix": {
      if (old.length === 0) return [...words, ...fresh];
      const rest = words.length - old.length;
      return rest > 0 && placeOf(old, words.slice(rest)) === 0 ? words.slice(0, rest) : undefined;
    }
    case "key":
      return words.join(" ") === from ? fresh : undefined;
    case "order":
      return undefined;
  }
}

/** Where a run of words begins among others; -1 where it does not. */
export function placeOf(run: readonly string[], words: readonly string[]): number {
  for (let at = 0; at + run.length <= words.length; at++) {
    if (run.every((word, offset) => words[at + offset] === word)) return at;
  }
  return -1;
}

function wordsIn(text: string): readonly string[] {
  return text === "" ? [] : text.split(" ");
}
