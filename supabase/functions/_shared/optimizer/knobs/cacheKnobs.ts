import { promptTtlKnob } from "../../ai/prompts/promptTtlKnob.ts";
import { flagTtlKnob } from "../../flags/flagTtlKnob.ts";
import type { NumberKnob } from "./knob.ts";

/** How long entries of the suite's caches count as new: one knob a cache. */
export const cacheKnobs: readonly NumberKnob[] = [flagTtlKnob, promptTtlKnob];
