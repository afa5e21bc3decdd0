import { defaultKnobs, type KnobReader } from "../../optimizer/knobs/knobReader.ts";
import { type BetaPrior, uniformPrior } from "./betaPosterior.ts";
import { demoteBelowKnob, minOutcomesKnob, promoteAtKnob } from "./patternKnobs.ts";

/** When outcomes make a pattern active, and when they take that back. */
export interface PatternPolicy {
  /** A pattern becomes active once its lower bound reaches this. @default the knob's: 0.9 */
  readonly promoteAt: number;
  /** An active pattern is demoted once its lower bound falls below this. @default the knob's: 0.8 */
  readonly demoteBelow: number;
  /** And not before it has this many outcomes. @default the knob's: 20 */
  readonly minOutcomes: number;
  /** @default uniformPrior */
  readonly prior: BetaPrior;
}

/** The policy in force, checked: between the thresholds a pattern stays what it is, so one outcome cannot make it flap. */
export function patternPolicy(
  options: Partial<PatternPolicy> = {},
  knobs: KnobReader = defaultKnobs,
): PatternPolicy {
  const {
    promoteAt = knobs.read(promoteAtKnob),
    demoteBelow = knobs.read(demoteBelowKnob),
    minOutcomes = knobs.read(minOutcomesKnob),
    prior = uniformPrior,
  } = options;
  if (!(demoteBelow > 0 && demoteBelow < promoteAt && promoteAt < 1)) {
    throw new RangeError(
      "Cannot judge patterns as thresholds must be 0 < 'demoteBelow' < 'promoteAt' < 1: " +
        `got ${demoteBelow} and ${promoteAt}`,
    );
  }
  if (!(minOutcomes >= 1)) {
    throw new RangeError(`Cannot judge patterns as 'minOutcomes' must be at least 1: got ${minOutcomes}`);
  }
  return { promoteAt, demoteBelow, minOutcomes, prior };
}
