import type { Knob, ValueOf } from "../../../optimizer/knobs/knob.ts";
import type { KnobReader } from "../../../optimizer/knobs/knobReader.ts";
import type { HealingRule, RuleShape } from "../healingRule.ts";
import { createRuleShelf, type RuleShelf } from "../ruleShelf.ts";

/** A candidate that 30 fixes speak for, with what is given changed. */
export function ruleOf(from: string, to: string, options: Partial<HealingRule> = {}): HealingRule {
  const { kind = "word", table } = options;
  return {
    id: `${kind}:${from}>${to}${table ?? ""}`,
    kind,
    from,
    to,
    state: "candidate",
    proof: { support: 30, contradictions: 0, tables: 6, keys: 5, lowerBound: 0.9079, sources: [] },
    outcomes: { successes: 0, failures: 0 },
    ...options,
  };
}

/** Knobs of which switches are on, but for those named. */
export function switchedOn(...off: string[]): KnobReader {
  return {
    read: <One extends Knob>(knob: One) =>
      (knob.kind === "switch" ? !off.includes(knob.name) : knob.defaultValue) as ValueOf<One>,
  };
}

/** A shelf on which the rules given are in force. */
export function ruleShelfOf(...rules: RuleShape[]): RuleShelf {
  const kept = rules.map((rule) => ruleOf(rule.from, rule.to, rule));
  return createRuleShelf({ store: { list: () => Promise.resolve(kept) }, knobs: switchedOn() });
}
