import { advisorDeadlineKnob } from "../../ai/advisorKnobs.ts";
import { advisorPrompt } from "../../ai/prompts/advisorPrompt.ts";
import { promptKnob, promptKnobs } from "../../ai/prompts/promptKnob.ts";
import { circuitKnobs } from "../../breaker/circuitKnobs.ts";
import { chunkSizeKnob } from "../../healing/batch/batchKnobs.ts";
import { matcherThreshold } from "../../healing/evidence/matcherEvidence.ts";
import { demoteBelowKnob, minOutcomesKnob, promoteAtKnob } from "../../healing/patterns/patternKnobs.ts";
import { ruleKnobs } from "../../healing/rules/ruleKnob.ts";
import { afterDeadlockKnob, collisionWaitKnob, maxTriesKnob } from "../../healing/retry/retryKnobs.ts";
import { schemaPollKnob } from "../../schema/schemaPollKnob.ts";
import { cacheKnobs } from "./cacheKnobs.ts";
import type { Knob } from "./knob.ts";
import type { KnobFamily } from "./knobFamily.ts";
import { optimizerKnobs } from "./optimizerKnobs.ts";

/** Every knob that stands alone. Each is defined beside the code that reads it. */
export const knownKnobs: readonly Knob[] = [
  ...Object.values(optimizerKnobs),
  maxTriesKnob,
  collisionWaitKnob,
  afterDeadlockKnob,
  chunkSizeKnob,
  schemaPollKnob,
  ...cacheKnobs,
  promoteAtKnob,
  demoteBelowKnob,
  minOutcomesKnob,
  matcherThreshold,
  advisorDeadlineKnob,
  promptKnob(advisorPrompt.name),
];

/** Every family of knobs. */
export const knobFamilies: readonly KnobFamily[] = [...Object.values(circuitKnobs), ruleKnobs, promptKnobs];

/** The knob of that name; undefined where the code knows none, as its row may all the same. */
export function findKnob(name: string): Knob | undefined {
  return knownKnobs.find((knob) => knob.name === name) ??
    knobFamilies.find(({ pattern }) => pattern.test(name))?.knob(name);
}
