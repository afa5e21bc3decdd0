import type { KnobReader } from "../../optimizer/knobs/knobReader.ts";
import { type Clock, systemClock } from "../../time/clock.ts";
import type { HealingRule } from "./healingRule.ts";
import { RuleIndex } from "./ruleIndex.ts";
import { ruleKnob } from "./ruleKnob.ts";
import type { RuleStore } from "./ruleStore.ts";

/** The rules in force, at hand. */
export interface RuleShelf {
  /** Candidates whose knob is on. Many callers at once share one read. */
  inForce(): Promise<RuleIndex<HealingRule>>;
  /** Is a rule that was in force since this was last asked out of it? What it has planned is then to be planned anew. */
  haveLost(): Promise<boolean>;
  /** Reads anew from now on. */
  forget(): void;
}

/** What the shelf stands in front of. */
export interface RuleShelfOptions {
  readonly store: Pick<RuleStore, "list">;
  readonly knobs: KnobReader;
  /** How long rules are good for; a read that failed as well. @default 1_000 */
  readonly maxAgeMs?: number;
  /** @default systemClock */
  readonly clock?: Clock;
}

/** An empty shelf in front of a store. */
export function createRuleShelf({ store, knobs, maxAgeMs = 1_000, clock = systemClock }: RuleShelfOptions): RuleShelf {
  let read: { readonly atMs: number; readonly rules: Promise<readonly HealingRule[]> } | undefined;
  let indexed: { readonly name: string; readonly index: RuleIndex<HealingRule> } | undefined;
  let used = new Set<string>();

  async function rulesInForce(): Promise<readonly HealingRule[]> {
    const now = clock.monotonic();
    if (read === undefined || now - read.atMs >= maxAgeMs) read = { atMs: now, rules: store.list() };
    const rules = await read.rules;
    return rules.filter(({ id, state }) => state === "candidate" && knobs.read(ruleKnob(id)));
  }

  return {
    async inForce() {
      const rules = await rulesInForce();
      for (const { id } of rules) used.add(id);
      const name = JSON.stringify(rules);
      if (indexed?.name !== name) indexed = { name, index: new RuleIndex(rules) };
      return indexed.index;
    },
    async haveLost() {
      if (used.size === 0) return false;
      const ids = new Set((await rulesInForce()).map(({ id }) => id));
      const hasLost = [...used].some((id) => !ids.has(id));
      used = ids;
      return hasLost;
    },
    forget() {
      read = undefined;
    },
  };
}
