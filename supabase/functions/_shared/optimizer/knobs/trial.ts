import { stableFraction } from "../../random/stableHash.ts";
import type { CauseRef } from "../../telemetry/kernelEvent.ts";

/** A change that is tried on a share of the isolates. */
export interface Trial {
  readonly id: string;
  /** From 0 to 0.5. */
  readonly share: number;
}

/** Under which reference others name a trial as their cause. */
export function trialRef({ id }: Pick<Trial, "id">): CauseRef {
  return `trial:${id}`;
}

/** Is the change in force on that isolate? Each trial places isolates anew, so that trials side by side cross each other. */
export function isTreated(trial: Trial, isolate: string): boolean {
  return stableFraction(trialRef(trial), isolate) < trial.share;
}
