/** What stands before a dependency and keeps calls away from it while it is down. */
export interface Breaker {
  /** May a call be made now? Costs nothing while all is well. */
  allows(): boolean;
  /** Tells what came of a call: did the dependency itself fail? */
  report(hasFailed: boolean): void;
}
