/** What a policy hands to the work that it runs. */
export interface Call {
  /**
   * Aborts when the work's answer is of no use any more: its time is up, its caller has gone, another answer was faster.
   * It is made when it is first read, so work that has no use for it does not pay for it.
   */
  readonly signal: AbortSignal;
}

/** What is run under a policy: a call of a dependency. */
export type Work<Result> = (call: Call) => Result | PromiseLike<Result>;

/** How work is called from outside. */
export interface ExecuteOptions {
  /** Ends every wait of the policy, and reaches the work. */
  readonly signal?: AbortSignal;
}

/** One rule for calls of a dependency, such as how long they may take. Policies compose by nesting. */
export interface Policy {
  execute<Result>(work: Work<Result>, options?: ExecuteOptions): Promise<Result>;
}
