/**
 * Turns thresholds, times and sizes within their bounds, writes down why and what it expects, tries each change on a share of
 * the isolates, and takes back what made things worse.
 *
 * @example
 * ```ts
 * const optimizer = createSelfOptimizer({ store: postgresTuningStore(database), rules, database, metrics });
 * const { steps } = await optimizer.run({ dryRun: true });
 * ```
 *
 * @module
 */
export {
  createSelfOptimizer,
  type RunOptions,
  type SelfOptimizer,
  type SelfOptimizerDeps,
} from "./optimizer/createSelfOptimizer.ts";
export { runSelfOptimization, suiteOptimizer } from "./optimizer/isolateOptimizer.ts";
export { isolateKnobs } from "./optimizer/knobs/isolateKnobs.ts";
export { type Knob, type KnobValue, type ValueOf } from "./optimizer/knobs/knob.ts";
export { defaultKnobs, type KnobReader } from "./optimizer/knobs/knobReader.ts";
export type { Change, ChangeState, Measured } from "./optimizer/lifecycle/change.ts";
export { postgresTuningStore } from "./optimizer/lifecycle/postgresTuningStore.ts";
export type { TuningReport, TuningStep } from "./optimizer/lifecycle/runParts.ts";
export type { TuningStore } from "./optimizer/lifecycle/tuningStore.ts";
export type {
  Expectation,
  Measure,
  OptimizerRule,
  Proposal,
  RuleContext,
  Sample,
  ShadowResult,
} from "./optimizer/rules/optimizerRule.ts";
