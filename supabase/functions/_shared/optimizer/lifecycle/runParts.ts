import type { Database } from "../../db/database.ts";
import type { MetricsReader } from "../../monitor/metricsReader.ts";
import type { Random } from "../../random/random.ts";
import type { KernelObserver } from "../../telemetry/kernelObserver.ts";
import type { Clock } from "../../time/clock.ts";
import type { KnobValue } from "../knobs/knob.ts";
import { fleetKnobs } from "../knobs/storedKnob.ts";
import { trialRef } from "../knobs/trial.ts";
import type { OptimizerRule, RuleContext } from "../rules/optimizerRule.ts";
import type { ChangeState, NamedExpectation } from "./change.ts";
import type { StepAnswer, TuningState, TuningStore } from "./tuningStore.ts";

/** What a run did with one knob, or would have done. */
export interface TuningStep {
  readonly id: string | undefined;
  readonly knob: string;
  readonly rule: string;
  /** What became of the change. `leading_in`: isolates are chosen, and measured as they are. `waiting`: it stays where it is, such as for room among the trials. */
  readonly became: ChangeState | "leading_in" | "extended" | "guarded" | "waiting";
  readonly before: KnobValue;
  readonly after: KnobValue;
  readonly expected: NamedExpectation;
  readonly reason: string;
}

/** A rule that failed in a run: the others went on. */
export interface RuleFailure {
  readonly rule: string;
  readonly error: string;
}

/** What a run came to. */
export interface TuningReport {
  readonly isDryRun: boolean;
  /** False: the kill switch is off, and nothing was proposed or tried. */
  readonly isEnabled: boolean;
  readonly steps: readonly TuningStep[];
  readonly failures: readonly RuleFailure[];
}

/** What a run is made of. */
export interface RunParts {
  readonly store: TuningStore;
  readonly rules: readonly OptimizerRule[];
  readonly database: Database;
  readonly metrics: MetricsReader;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: KernelObserver;
  /** How far back evidence is looked for. */
  readonly evidenceMs: number;
  readonly isDryRun: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Who decides, as the log names it. */
  readonly by: string;
}

/** A run under way: what it found, and what it has done. */
export interface Run extends RunParts {
  readonly state: TuningState;
  readonly steps: TuningStep[];
  readonly failures: RuleFailure[];
}

/** What a rule looks at in this run: nothing from before the last time that a change of its own was decided. */
export function ruleContext(run: Run, rule: string): RuleContext {
  const { state, database, metrics, clock, random, isDryRun, evidenceMs } = run;
  const decided = [...state.past, ...state.open].filter((change) => change.rule === rule)
    .flatMap(({ keptAtMs, endedAtMs, trialBeganAtMs }) =>
      trialBeganAtMs === undefined ? [] : [keptAtMs ?? endedAtMs ?? 0]
    );
  const fromMs = Math.min(state.nowMs - 1, Math.max(state.nowMs - evidenceMs, ...decided));
  const knobs = fleetKnobs(state.knobs);
  const past = state.past.filter((change) => change.rule === rule && change.trialBeganAtMs !== undefined)
    .map(({ knob, direction, state, measured }) => ({
      knob,
      direction,
      state,
      relativeDifference: measured === undefined || measured.rest === 0
        ? undefined
        : measured.difference / measured.rest,
    }));
  return { database, metrics, knobs, window: { fromMs, toMs: state.nowMs }, clock, random, isDryRun, past };
}

/** Runs something of a rule's: what it throws is written down, and harms no other. */
export async function guarded<Result>(
  run: Run,
  rule: string,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    run.signal?.throwIfAborted();
    return await work();
  } catch (error) {
    if (run.signal?.aborted) throw error;
    run.failures.push({ rule, error: String(error).slice(0, 500) });
    return undefined;
  }
}

/** Writes a step down for the report, and tells whoever looks on when a knob was turned. */
export function note(run: Run, step: TuningStep): void {
  run.steps.push(step);
  if (run.isDryRun || step.id === undefined || !turning.has(step.became)) return;
  const { knob, rule, became, before, after } = step;
  const detail = { rule, became, before, after };
  run.observer.happened({ kind: "tune", subject: knob, ref: trialRef({ id: step.id }), detail });
}

const turning: ReadonlySet<TuningStep["became"]> = new Set(["on_trial", "kept", "reverted", "abandoned", "vetoed"]);

/** Why a step was not taken, for a human. */
export const whyNot: Readonly<Record<Exclude<StepAnswer, "done">, string>> = {
  moved: "Somebody was faster",
  busy: "Something else is under way for the knob",
  refused: "The value lies outside the bounds of the knob",
  stopped: "Tuning is switched off",
  pinned: "The knob is pinned",
  opted_out: "The knob is opted out of tuning",
  vetoed: "The rule is vetoed on this knob",
  changed: "The knob was turned meanwhile",
  out_of_bounds: "The value lies outside the bounds of the knob",
  crowded: "Enough other changes are on trial",
  missing: "There is no such change",
};
