/** How long a request may still take. */
export interface Deadline {
  /** Aborts when the time is up or the client has left. */
  readonly signal: AbortSignal;
  /** Wall-clock milliseconds left; never negative. */
  remainingMs(): number;
  /** True once a chunk of work should stop and hand over: little time, or little of the 2 s of CPU, is left. */
  shouldYield(): boolean;
}
