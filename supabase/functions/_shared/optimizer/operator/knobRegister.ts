import type { Knob, KnobValue } from "../knobs/knob.ts";
import type { StoredKnob } from "../knobs/storedKnob.ts";
import type { Change } from "../lifecycle/change.ts";
import type { StepAnswer, TuningNote, Veto } from "../lifecycle/tuningStore.ts";

/** What a knob became, by whose hand. */
export interface KnobChange {
  readonly changedAt: string;
  readonly changedBy: string;
  readonly reason: string | null;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** The knobs of the fleet, as operators see and turn them. */
export interface KnobRegister {
  /** Every knob that has a row, or the one of that name. */
  knobs(name?: string): Promise<StoredKnob[]>;
  /** The latest first; of one knob, or of all. */
  log(limit: number, name?: string): Promise<Change[]>;
  /** The latest first. */
  history(name: string, limit: number): Promise<KnobChange[]>;
  vetoes(): Promise<Veto[]>;
  /** Sets a value within the bounds, or takes it back where it is undefined; false: it lies outside. */
  set(knob: Knob, value: KnobValue | undefined, note: TuningNote): Promise<boolean>;
  /** Nothing turns it until then, or for ever; what is on trial on it ends. */
  pin(knob: Knob, untilMs: number | undefined, note: TuningNote): Promise<void>;
  unpin(knob: Knob, note: TuningNote): Promise<void>;
  /** False: the optimizer leaves the knob alone. */
  letTune(knob: Knob, isTunable: boolean, note: TuningNote): Promise<void>;
  /** Narrows the bounds; false: what the knob holds lies outside, or there would be none. */
  narrow(knob: Knob, lowest: number, highest: number, note: TuningNote): Promise<boolean>;
  /** Takes a change back, wherever it stands. */
  undo(id: string, note: TuningNote): Promise<StepAnswer>;
  /** Keeps a rule from a knob (`*`: any) until then, or for ever; what it has under way there ends. */
  veto(knob: string, rule: string, untilMs: number | undefined, note: TuningNote): Promise<void>;
  /** Takes a veto back; false: there is none. */
  allow(knob: string, rule: string, note: TuningNote): Promise<boolean>;
}
