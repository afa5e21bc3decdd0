import { batchSize } from "./batchSize.ts";
import { cacheTtl } from "./cacheTtl.ts";
import { cacheKnobs } from "../knobs/cacheKnobs.ts";
import { conflictRate } from "./conflictRate.ts";
import type { OptimizerRule } from "./optimizerRule.ts";
import { schemaPoll } from "./schemaPoll.ts";
import { tripRate } from "./tripRate.ts";

/** Everything the optimizer knows of the suite. Where two rules want the same knob, the first is heard. */
export const isolateRules: readonly OptimizerRule[] = [
  tripRate,
  conflictRate,
  schemaPoll,
  cacheTtl(cacheKnobs),
  batchSize,
];
