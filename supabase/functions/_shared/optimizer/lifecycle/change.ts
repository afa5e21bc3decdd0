import type { KnobValue } from "../knobs/knob.ts";
import type { Expectation } from "../rules/optimizerRule.ts";

/** Where a change of a knob stands. */
export type ChangeState =
  /** Written down. */
  | "proposed"
  /** The past speaks for it. */
  | "shadowed"
  /** A share of the isolates is measured as it is, and then under the change. */
  | "on_trial"
  /** In force everywhere; watched for one window more. */
  | "kept"
  /** Taken back as it did harm. */
  | "reverted"
  /** Given up: not promising, or no difference was seen. */
  | "abandoned"
  /** Never tried: a guard rail stood in its way. */
  | "refused"
  /** A person said no, before it was kept. */
  | "vetoed"
  /** A person took it back after it was kept. */
  | "undone";

/** What was seen of those with the change beside those without it, or beside those before it. */
export interface Measured {
  readonly treated: number;
  readonly rest: number;
  /** Treated less rest, and less what set them apart before the change, with its interval. */
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
  readonly treatedObservations: number;
  readonly restObservations: number;
}

/** What a change was expected to bring, and in what. */
export interface NamedExpectation extends Expectation {
  /** The measure. */
  readonly name: string;
  readonly better: "lower" | "higher";
}

/** Plain numbers and words. */
export type Findings = Readonly<Record<string, number | string | boolean>>;

/** A change of a knob, from the first idea to its end. */
export interface Change {
  readonly id: string;
  readonly knob: string;
  readonly rule: string;
  readonly state: ChangeState;
  /** `up`, `down`, or `to:<value>` where there is no order. */
  readonly direction: string;
  readonly before: KnobValue;
  readonly after: KnobValue;
  readonly evidence: Findings;
  readonly expected: NamedExpectation;
  readonly shadow?: Findings | undefined;
  readonly measured?: Measured | undefined;
  /** Of the window after it was kept: all isolates, beside those without it during the trial. */
  readonly guard?: Measured | undefined;
  readonly share?: number | undefined;
  readonly windowMs?: number | undefined;
  /** How many windows were begun; zero: those it will be tried on are still measured as they are. */
  readonly windows: number;
  /** Why it stands where it stands, for a human. */
  readonly reason: string;
  readonly decidedBy: string;
  readonly proposedAtMs: number;
  readonly leadBeganAtMs?: number | undefined;
  readonly trialBeganAtMs?: number | undefined;
  readonly windowEndsAtMs?: number | undefined;
  readonly keptAtMs?: number | undefined;
  readonly guardEndsAtMs?: number | undefined;
  readonly guardedAtMs?: number | undefined;
  /** Undefined while something of it is still to be done. */
  readonly endedAtMs?: number | undefined;
}
