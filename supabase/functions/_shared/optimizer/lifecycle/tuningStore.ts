import type { Knob, KnobValue } from "../knobs/knob.ts";
import type { StoredKnob } from "../knobs/storedKnob.ts";
import type { Change, Findings, Measured, NamedExpectation } from "./change.ts";

/** A rule that may not turn a knob; `*` is any. */
export interface Veto {
  readonly knob: string;
  readonly rule: string;
  readonly by: string;
  readonly reason: string;
  /** Undefined: for ever. */
  readonly untilMs?: number | undefined;
}

/** All that a run has to know, in one answer. */
export interface TuningState {
  /** By the store's clock. */
  readonly nowMs: number;
  readonly knobs: ReadonlyMap<string, StoredKnob>;
  /** Changes of which something is still to be done, the oldest first. */
  readonly open: readonly Change[];
  /** Changes that have ended, the latest first, as far back as cooldowns reach. */
  readonly past: readonly Change[];
  readonly vetoes: readonly Veto[];
}

/** A change that is written down. */
export interface Draft {
  readonly knob: Knob;
  readonly rule: string;
  readonly direction: string;
  readonly before: KnobValue;
  readonly after: KnobValue;
  readonly evidence: Findings;
  readonly expected: NamedExpectation;
}

/** Why a change is made, and by whom. */
export interface TuningNote {
  readonly by: string;
  readonly reason: string;
}

/** What a step came to: `done`, or why not. `moved`: somebody was faster. */
export type StepAnswer =
  | "done"
  | "moved"
  | "busy"
  | "refused"
  | "stopped"
  | "pinned"
  | "opted_out"
  | "vetoed"
  | "changed"
  | "out_of_bounds"
  | "crowded"
  | "missing";

/** How changes of knobs are written down, tried and ended. Each step is compare-and-set. */
export interface TuningStore {
  read(): Promise<TuningState>;
  /** `busy`: something else is open for that knob. `refused`: it lies outside the bounds, and is written down as that. */
  propose(draft: Draft, note: TuningNote): Promise<{ readonly answer: StepAnswer; readonly id: string | undefined }>;
  /** Writes down what a guard rail has kept from being tried. */
  refuse(draft: Draft, note: TuningNote): Promise<void>;
  shadow(id: string, findings: Findings, isPromising: boolean, note: TuningNote): Promise<StepAnswer>;
  /** Chooses the isolates, on which everything stays as it is until `startTrial`. */
  beginTrial(
    id: string,
    how: { readonly share: number; readonly windowMs: number; readonly limit: number },
    note: TuningNote,
  ): Promise<StepAnswer>;
  /** Puts the change in force on them. */
  startTrial(id: string, note: TuningNote): Promise<StepAnswer>;
  extendTrial(id: string, measured: Measured | undefined, note: TuningNote): Promise<StepAnswer>;
  /** `kept` turns the knob for all, everything else leaves it as it was before. */
  end(
    id: string,
    state: "kept" | "reverted" | "abandoned" | "vetoed",
    measured: Measured | undefined,
    note: TuningNote,
  ): Promise<StepAnswer>;
  closeGuard(id: string, isWorse: boolean, guard: Measured | undefined, note: TuningNote): Promise<StepAnswer>;
}
