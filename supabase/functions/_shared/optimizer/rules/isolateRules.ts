import { aiFixesRule } from "./aiFixesRule.ts";
import { batchSize } from "./batchSize.ts";
import { cacheTtl } from "./cacheTtl.ts";
import { cacheKnobs } from "../knobs/cacheKnobs.ts";
import { conflictRate } from "./conflictRate.ts";
import { healingSuccessRule } from "./healingSuccessRule.ts";
import type { OptimizerRule } from "./optimizerRule.ts";
import { promptExamplesRule } from "./promptExamplesRule.ts";
import { schemaPoll } from "./schemaPoll.ts";
import { similarPatternsRule } from "./similarPatternsRule.ts";
import { tripRate } from "./tripRate.ts";

/** Everything the optimizer knows of the suite. Where two rules want the same knob, the first is heard. */
export const isolateRules: readonly OptimizerRule[] = [
  tripRate,
  conflictRate,
  schemaPoll,
  cacheTtl(cacheKnobs),
  batchSize,
  healingSuccessRule,
  aiFixesRule,
  similarPatternsRule,
  promptExamplesRule,
];
