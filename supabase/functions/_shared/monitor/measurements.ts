import { OperationSeries } from "./operationSeries.ts";

/** Series and counters that an isolate keeps apart; names are code's own, so more than this is a defect somewhere. */
const mostNames = 500;

/** Where the rest goes. */
export const otherName = "other";

/** What was measured and counted, in bounded memory. */
export class Measurements {
  /** By function, so that a call looks up its function once and then its operation. */
  readonly #functions = new Map<string, Map<string, OperationSeries>>();
  readonly counters: Map<string, number> = new Map();
  #seriesCount = 0;
  /** Most calls in a row come from one function. */
  #lastFunction: string | undefined;
  #lastSeries: Map<string, OperationSeries> | undefined;

  /** The series of an operation, or the one of all that are too many. */
  seriesOf(functionName: string, operation: string): OperationSeries {
    const known = functionName === this.#lastFunction ? this.#lastSeries! : this.#seriesOfFunction(functionName);
    return known.get(operation) ?? this.#add(functionName, operation);
  }

  count(counter: string, by: number): void {
    const total = this.counters.get(counter);
    if (total === undefined && this.counters.size >= mostNames) {
      this.counters.set(otherName, (this.counters.get(otherName) ?? 0) + by);
    } else {
      this.counters.set(counter, (total ?? 0) + by);
    }
  }

  *series(): Iterable<OperationSeries> {
    for (const ofFunction of this.#functions.values()) yield* ofFunction.values();
  }

  get isEmpty(): boolean {
    return this.#seriesCount === 0 && this.counters.size === 0;
  }

  #seriesOfFunction(functionName: string): Map<string, OperationSeries> {
    const found = this.#functions.get(functionName) ?? new Map<string, OperationSeries>();
    if (this.#functions.size < mostNames) {
      this.#functions.set(functionName, found);
      this.#lastFunction = functionName;
      this.#lastSeries = found;
    }
    return found;
  }

  #add(functionName: string, operation: string): OperationSeries {
    const isFull = this.#seriesCount >= mostNames;
    if (isFull && (functionName !== "" || operation !== otherName)) return this.seriesOf("", otherName);
    const added = new OperationSeries(functionName, operation);
    this.#seriesCount++;
    const ofFunction = this.#functions.get(functionName) ?? new Map<string, OperationSeries>();
    this.#functions.set(functionName, ofFunction.set(operation, added));
    return added;
  }
}
