import type { Database } from "../../db/database.ts";
import type { MetricsReader, MetricWindow } from "../../monitor/metricsReader.ts";
import type { Random } from "../../random/random.ts";
import type { Clock } from "../../time/clock.ts";
import type { Knob, KnobValue } from "../knobs/knob.ts";
import type { KnobReader } from "../knobs/knobReader.ts";

/** What a group of isolates showed within a window: enough for a difference of means with its interval. */
export interface Sample {
  readonly mean: number;
  /** Of single observations. */
  readonly variance: number;
  readonly observations: number;
}

/** By what a change is judged. */
export interface Measure {
  /** Such as `failures per call of ai`. */
  readonly name: string;
  readonly better: "lower" | "higher";
  /** What a group of isolates showed; undefined where there was nothing to see. */
  sample(window: MetricWindow): Promise<Sample | undefined>;
}

/** What a change is thought to bring: the measure after it, with the interval in which it is expected to lie. */
export interface Expectation {
  readonly before: number;
  readonly after: number;
  readonly lower: number;
  readonly upper: number;
}

/** What would have happened, had the change been in force: told by the past alone. */
export interface ShadowResult {
  /** False: the past speaks against it, and it is not tried at all. */
  readonly isPromising: boolean;
  /** What was replayed and what it came to: plain numbers and words. */
  readonly findings: Readonly<Record<string, number | string | boolean>>;
}

/** A knob to turn, why, and what for. */
export interface Proposal {
  readonly knob: Knob;
  readonly after: KnobValue;
  /** What the evidence query found: plain numbers and words, without any value of a payload. */
  readonly evidence: Readonly<Record<string, number | string | boolean>>;
  readonly expected: Expectation;
}

/** What became of an earlier change of a rule. */
export interface PastChange {
  readonly knob: string;
  /** `up`, `down`, or `to:<value>`. */
  readonly direction: string;
  /** Such as `kept` or `reverted`. */
  readonly state: string;
  /** The difference that was measured, treated less rest, as a share of the rest. */
  readonly relativeDifference: number | undefined;
}

/** What a rule looks at. */
export interface RuleContext {
  /** With the rights of the service. */
  readonly database: Database;
  readonly metrics: MetricsReader;
  /** What the knobs hold for the fleet at large, trials aside. */
  readonly knobs: KnobReader;
  /** The window the evidence is taken from. */
  readonly window: { readonly fromMs: number; readonly toMs: number };
  readonly clock: Clock;
  readonly random: Random;
  /** Nothing may be written: the database refuses it. @default false */
  readonly isDryRun?: boolean;
  /** What became of this rule's changes that were tried, the latest first. @default none was */
  readonly past?: readonly PastChange[];
}

/**
 * One thing the optimizer knows about the suite: the sign of a trouble, and the knob that helps. It only ever proposes; bounds,
 * step, trial, comparison and reversal are not its business. What it makes before it proposes (a version of a prompt, a
 * candidate of a rule of healing) must have no effect until its knob is turned.
 */
export interface OptimizerRule {
  /** In kebab-case, as the log names it. */
  readonly name: string;
  /** One sentence, without a full stop. */
  readonly summary: string;
  /** Looks for the trouble. Nothing where there is none, or too little to go by. */
  propose(context: RuleContext): Promise<readonly Proposal[]>;
  /** Replays the past under the change. @default every proposal is promising */
  shadow?(proposal: Proposal, context: RuleContext): Promise<ShadowResult>;
  /** By what changes of that knob are judged: asked again when a trial is looked at, maybe by another isolate. */
  measureOf(knob: string, context: RuleContext): Measure;
  /** Undoes what was made for a proposal that came to nothing. @default nothing was made */
  discard?(knob: string, context: RuleContext): Promise<void>;
}
