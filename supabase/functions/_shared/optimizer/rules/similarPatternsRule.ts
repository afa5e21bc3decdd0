import { readPatternVotes } from "../../healing/rules/readHealVotes.ts";
import { advisedShare, countHealing } from "./healingCounts.ts";
import type { OptimizerRule } from "./optimizerRule.ts";
import { discardRule, proposeMinedRules, shadowRule } from "./ruleProposals.ts";

const fewestPatterns = 20;

/**
 * Patterns that are alike become one rule: it says for keys that nobody has sent yet what they say for theirs. They stay:
 * what a person or outcomes have proven of one key is stronger than a rule, and expires with its column.
 */
export const similarPatternsRule: OptimizerRule = {
  name: "similar-patterns",
  summary: "Many patterns that say the same of different keys become one rule",

  async propose(context) {
    const { database: { sql }, window } = context;
    const votes = await readPatternVotes(sql);
    if (votes.length < fewestPatterns) return [];
    const counts = await countHealing(sql, window);
    // So many must be alike: fewer are no burden, and may be alike by chance.
    const policy = { minGain: fewestPatterns };
    return await proposeMinedRules(context, { votes, counts, policy, evidence: { patterns: votes.length } });
  },

  async shadow(proposal, context) {
    const shadow = await shadowRule(proposal, context);
    const { otherwise, repeated } = shadow.findings;
    // The window need not have such a key at all: its patterns have healed them.
    return { ...shadow, isPromising: shadow.isPromising || otherwise === 0 && repeated === 0 };
  },
  measureOf: (_knob, { metrics }) => advisedShare(metrics),
  discard: discardRule,
};
