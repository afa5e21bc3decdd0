import type { Knob, ValueOf } from "./knob.ts";

/** Knobs as the code reads them: at once, from what this isolate last knew; never outside a knob's bounds. */
export interface KnobReader {
  read<One extends Knob>(knob: One): ValueOf<One>;
}

/** Where nobody turns knobs: each holds its default. */
export const defaultKnobs: KnobReader = { read: (knob) => knob.defaultValue };
