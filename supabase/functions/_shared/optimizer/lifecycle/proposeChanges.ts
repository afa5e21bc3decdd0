import { optimizerKnobs } from "../knobs/optimizerKnobs.ts";
import { fleetKnobs, narrowed } from "../knobs/storedKnob.ts";
import type { OptimizerRule, Proposal } from "../rules/optimizerRule.ts";
import { boundedStep, directionOf } from "./boundedStep.ts";
import { refusalOf } from "./guardRails.ts";
import { plainFindings } from "./plainFindings.ts";
import { beginTrial, discard, shadowChange } from "./tryChange.ts";
import { guarded, note, ruleContext, type Run, type TuningStep, whyNot } from "./runParts.ts";
import type { Draft } from "./tuningStore.ts";

/** A rule that finds trouble everywhere is heard so far in one run. */
const mostProposals = 20;

/** Asks the rules what to change, and tries what no guard rail keeps back. */
export async function proposeChanges(run: Run, rules: readonly OptimizerRule[] = run.rules): Promise<void> {
  for (const rule of rules) {
    const context = ruleContext(run, rule.name);
    const proposals = await guarded(run, rule.name, () => rule.propose(context)) ?? [];
    for (const proposal of proposals.slice(0, mostProposals)) {
      await guarded(run, rule.name, () => takeUp(run, rule, proposal));
    }
  }
}

async function takeUp(run: Run, rule: OptimizerRule, proposal: Proposal): Promise<void> {
  const { state, store, by } = run;
  const { name } = proposal.knob;
  if (state.open.some((change) => change.knob === name) || run.steps.some(isDecided(name))) return;
  const stored = state.knobs.get(name);
  const knob = narrowed(proposal.knob, stored);
  const before = fleetKnobs(state.knobs).read(knob);
  const after = boundedStep(knob, before, proposal.after);
  if (after === undefined) return; // It is where it should be, or as near as its bounds allow.
  if (!Object.values(proposal.expected).every(Number.isFinite)) {
    throw new RangeError(`Cannot propose to turn ${name} as what is expected must be finite numbers`);
  }
  const measure = rule.measureOf(name, ruleContext(run, rule.name));
  const draft: Draft = {
    knob,
    rule: rule.name,
    direction: directionOf(before, after),
    before,
    after,
    evidence: plainFindings(proposal.evidence),
    expected: { name: measure.name, better: measure.better, ...proposal.expected },
  };
  const step = { knob: name, rule: rule.name, before, after, expected: draft.expected };
  const cooldownMs = fleetKnobs(state.knobs).read(optimizerKnobs.cooldownMs);
  const refusal = name.startsWith("optimizer.")
    ? "No rule may turn the optimizer's own settings"
    : refusalOf(draft, { nowMs: state.nowMs, cooldownMs, stored, past: state.past, vetoes: state.vetoes });
  if (refusal !== undefined) {
    await store.refuse(draft, { by, reason: refusal });
    note(run, { ...step, id: undefined, became: "refused", reason: refusal });
    return await discard(run, rule, name);
  }
  const { answer, id } = await store.propose(draft, { by, reason: rule.summary });
  if (answer === "refused") note(run, { ...step, id, became: "refused", reason: whyNot.refused });
  if (answer !== "done" || id === undefined) return;
  const written = { ...step, id, evidence: draft.evidence };
  if (await shadowChange(run, rule, written, { ...proposal, knob, after })) await beginTrial(run, rule, written);
}

/** What was decided for a knob in this run stands; where a change has just proved itself, the next step may follow. */
function isDecided(name: string): (step: TuningStep) => boolean {
  return ({ knob, became }) => knob === name && became !== "guarded";
}
