import type { ExecuteOptions, Work } from "../policies/policy.ts";

/** Answers in place of a dependency that failed or is kept away from; it is told why. */
export type Fallback<Result> = (error: unknown) => Result | PromiseLike<Result>;

/** Where a circuit stands, as its calls meet it. */
export type CircuitStateName = "closed" | "open" | "half-open" | "ramping";

/** Where a circuit stands, and on whose word. */
export interface CircuitStanding {
  readonly name: CircuitStateName;
  /** The share of calls that go through: 1 while it is closed, 0 while it is open. */
  readonly share: number;
  /** In how many milliseconds a probe may be tried, where it is open. */
  readonly retryAfterMs?: number;
  /** `operator`: an override stands. `isolate`: the store cannot be reached, none is set, or the others see no failure. */
  readonly decidedBy: "fleet" | "isolate" | "operator";
  readonly reason?: string;
}

/** What stands between calls and one dependency, shared by all isolates of the fleet. */
export interface Circuit {
  readonly name: string;
  /**
   * Calls the dependency if the circuit lets it. Without a fallback it rejects with the dependency's error, or with a
   * `CircuitOpenError` where nothing was called.
   */
  execute<Result>(work: Work<Result>, fallback?: Fallback<Result>, options?: ExecuteOptions): Promise<Result>;
  state(): CircuitStanding;
}
