import type { Knob } from "./knob.ts";

/** Knobs that are alike and of which there are as many as there are names: one for each circuit, for one. */
export interface KnobFamily {
  /** Matches the whole names of its knobs. */
  readonly pattern: RegExp;
  /** The knob of that name. */
  knob(name: string): Knob;
}
