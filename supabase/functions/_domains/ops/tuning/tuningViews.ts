import type * as z from "zod";
import type { Knob } from "../../../_shared/optimizer/knobs/knob.ts";
import type { StoredKnob } from "../../../_shared/optimizer/knobs/storedKnob.ts";
import type { Change } from "../../../_shared/optimizer/lifecycle/change.ts";
import type { Veto } from "../../../_shared/optimizer/lifecycle/tuningStore.ts";
import type { fullChange, fullKnob, fullVeto } from "./tuningSchemas.ts";

/** A knob as operators see it: of its row as far as there is one, else of the code's definition. */
export function viewKnob(definition: Knob | undefined, stored: StoredKnob | undefined): z.input<typeof fullKnob> {
  const knob = stored?.knob ?? definition;
  const isNumber = knob !== undefined && "lowest" in knob;
  return {
    name: stored?.name ?? knob?.name ?? "",
    summary: knob?.summary ?? "",
    kind: knob?.kind ?? null,
    value: stored?.value ?? knob?.defaultValue ?? null,
    isDefault: stored?.value === undefined,
    defaultValue: knob?.defaultValue ?? null,
    lowest: isNumber ? knob.lowest : null,
    highest: isNumber ? knob.highest : null,
    step: isNumber ? knob.step : null,
    choices: knob?.kind === "choice" ? [...knob.choices] : null,
    areBoundsByHand: stored?.areBoundsByHand ?? false,
    isTunable: stored?.isTunable ?? true,
    pin: stored?.pin === undefined
      ? null
      : { by: stored.pin.by, reason: stored.pin.reason, until: viewTime(stored.pin.untilMs) },
    trial: stored?.trial === undefined
      ? null
      : { id: stored.trial.id, value: stored.trial.value, share: stored.trial.share },
  };
}

/** A change as operators see it. */
export function viewChange(change: Change): z.input<typeof fullChange> {
  const { id, knob, rule, state, before, after, evidence, expected, windows, reason, decidedBy } = change;
  return {
    ...{
      id,
      knob,
      rule,
      state,
      before,
      after,
      evidence: { ...evidence },
      expected: { ...expected },
      windows,
      reason,
      decidedBy,
    },
    shadow: change.shadow === undefined ? null : { ...change.shadow },
    measured: change.measured ?? null,
    guard: change.guard ?? null,
    share: change.share ?? null,
    proposedAt: viewTime(change.proposedAtMs),
    trialBeganAt: viewTime(change.trialBeganAtMs),
    windowEndsAt: viewTime(change.windowEndsAtMs),
    keptAt: viewTime(change.keptAtMs),
    endedAt: viewTime(change.endedAtMs),
  };
}

/** A veto as operators see it. */
export function viewVeto({ knob, rule, by, reason, untilMs }: Veto): z.input<typeof fullVeto> {
  return { knob, rule, by, reason, until: viewTime(untilMs) };
}

function viewTime(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
