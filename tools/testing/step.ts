import type { Tally } from "./testSummary.ts";

/** What a step gets from the runner. */
export interface StepContext {
  /** The checkout under test. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  /** Aborts when the step's time is up, or the run is interrupted. */
  readonly signal: AbortSignal;
  /** Says how far the step is; shown now and then while it runs. */
  readonly progress: (line: string) => void;
}

/** What came of a step. */
export interface StepResult extends Tally {
  /** Shown at the end of the run when the step failed. */
  readonly output: string;
  /** Shown at once, whatever came of the step. */
  readonly report?: string;
}

/** One part of the test run. */
export interface Step {
  readonly name: string;
  readonly timeLimitMs: number;
  /** Runs alone: it measures, or uses all processors by itself. @default false */
  readonly isExclusive?: boolean;
  /** Wants `BALLAST_TEST_DB_URL`. @default false */
  readonly needsDatabase?: boolean;
  run(context: StepContext): Promise<StepResult>;
}
