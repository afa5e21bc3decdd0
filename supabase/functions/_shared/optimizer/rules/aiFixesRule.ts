import { readHealVotes } from "../../healing/rules/readHealVotes.ts";
import { advisedShare, countHealing } from "./healingCounts.ts";
import type { OptimizerRule } from "./optimizerRule.ts";
import { discardRule, proposeMinedRules, proposeSilence, shadowRule } from "./ruleProposals.ts";

const mostAdvised = 0.3;
const fewestFixes = 20;
/** Rules are found in more than the window: what speaks against one may be months old. */
const historyMs = 90 * 86_400_000;

/** Where an advisor makes more than three fixes in ten, what its fixes have in common becomes rules that need no advisor. */
export const aiFixesRule: OptimizerRule = {
  name: "ai-fixes",
  summary: "Rules of healing are made of what an advisor has fixed again and again",

  async propose(context) {
    const { database: { sql }, window } = context;
    const silenced = await proposeSilence(context);
    const counts = await countHealing(sql, window);
    const fixes = counts.advised + counts.deterministic;
    if (fixes < fewestFixes || counts.advised / fixes <= mostAdvised) return silenced;
    const votes = await readHealVotes(sql, { fromMs: window.toMs - historyMs, toMs: window.toMs });
    const evidence = { fixes, fixesByAdvisor: counts.advised, share: counts.advised / fixes };
    return [...silenced, ...await proposeMinedRules(context, { votes, counts, evidence })];
  },

  shadow: shadowRule,
  measureOf: (_knob, { metrics }) => advisedShare(metrics),
  discard: discardRule,
};
