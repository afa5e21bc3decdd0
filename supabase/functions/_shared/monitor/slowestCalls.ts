import { plainText } from "./plainText.ts";
import type { FrameSlowCall } from "./telemetryFrame.ts";

/** So many a frame: a slow minute has its worst calls named, not all of them. */
const mostKept = 20;
const longestShape = 500;

/** A call that took long. */
export interface SlowCall {
  readonly at: number;
  readonly functionName: string;
  readonly requestId?: string | undefined;
  readonly operation: string;
  readonly durationMs: number;
  readonly hasFailed: boolean;
  /** What it did; asked only where the call is kept. */
  readonly shape?: (() => string) | undefined;
}

/** The slowest of the calls that took long. */
export class SlowestCalls {
  readonly #kept: FrameSlowCall[] = [];

  add(call: SlowCall): void {
    if (this.#kept.length >= mostKept) {
      const least = this.#kept.reduce((least, other, place) => other.ms < this.#kept[least]!.ms ? place : least, 0);
      if (this.#kept[least]!.ms >= call.durationMs) return;
      this.#kept.splice(least, 1);
    }
    this.#kept.push(frameCall(call));
  }

  get isEmpty(): boolean {
    return this.#kept.length === 0;
  }

  calls(): readonly FrameSlowCall[] {
    return this.#kept;
  }
}

function frameCall({ at, functionName, requestId, operation, durationMs, hasFailed, shape }: SlowCall): FrameSlowCall {
  return {
    at,
    fn: plainText(functionName, 100),
    ...(requestId === undefined ? {} : { request: plainText(requestId, 200) }),
    op: plainText(operation, 200),
    ms: durationMs,
    failed: hasFailed,
    ...(shape === undefined ? {} : { shape: plainText(shape(), longestShape) }),
  };
}
