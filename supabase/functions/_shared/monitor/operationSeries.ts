import { DurationSketch } from "./durationSketch.ts";

/** What an isolate measured of one operation in one function. */
export class OperationSeries {
  readonly sketch: DurationSketch = new DurationSketch();
  count = 0;
  failures = 0;
  sumMs = 0;
  sumSquares = 0;
  minMs = Infinity;
  maxMs = 0;

  constructor(readonly functionName: string, readonly operation: string) {}

  add(durationMs: number, hasFailed: boolean): void {
    this.count++;
    if (hasFailed) this.failures++;
    this.sumMs += durationMs;
    this.sumSquares += durationMs * durationMs;
    if (durationMs < this.minMs) this.minMs = durationMs;
    if (durationMs > this.maxMs) this.maxMs = durationMs;
    this.sketch.add(durationMs);
  }
}
