import { EventEmitter } from "node:events";
import Opossum from "opossum";
import type { CircuitRules } from "./circuitOptions.ts";

/** What opossum counts within the rolling window. */
export interface EngineStats {
  readonly fires: number;
  readonly failures: number;
  readonly successes: number;
  readonly timeouts: number;
  readonly rejects: number;
  readonly fallbacks: number;
  readonly semaphoreRejections: number;
}

/** The part of opossum that is used; it ships no types. */
export interface Engine extends EventEmitter {
  readonly opened: boolean;
  readonly stats: EngineStats;
  readonly status: { readonly window: readonly { fires: number }[]; open(): void };
  fire(run: EngineRun): Promise<unknown>;
  close(): void;
}

/** What is fired: begins when it is let through, and tells what came of it. */
export interface EngineRun {
  begin(): EngineOutcome;
}

/** What opossum takes for a promise: it asks for `then` and for the `catch` of what that gives, and for nothing else. */
export interface EngineOutcome {
  then(onSuccess: (value: unknown) => void): { catch(onFailure: (error: unknown) => void): void };
}

const buckets = 10;

/**
 * opossum as the engine of one circuit in one isolate: it counts calls in a rolling window and says when too many have
 * failed. Its timers are left out, one for the window, one to half-open and one for each call: the window moves on as calls
 * come, and when to try again is the fleet's to say. So is its semaphore, which takes a full house for a failure.
 */
export class CircuitEngine {
  readonly opossum: Engine;
  readonly #rotate = new EventEmitter();
  readonly #bucketMs: number;
  #bucketUntilMs: number;

  constructor(name: string, rules: CircuitRules, nowMs: number) {
    this.#bucketMs = rules.rollingWindowMs / buckets;
    this.#bucketUntilMs = nowMs + this.#bucketMs;
    this.opossum = new (Opossum as unknown as new (action: (run: EngineRun) => unknown, options: object) => Engine)(
      (run) => run.begin(),
      {
        name,
        timeout: false,
        errorThresholdPercentage: rules.errorShare * 100,
        volumeThreshold: rules.minCalls,
        rollingCountTimeout: rules.rollingWindowMs,
        rollingCountBuckets: buckets,
        rollingPercentilesEnabled: false,
        enableSnapshots: false,
        rotateBucketController: this.#rotate,
      },
    );
    // The first of its listeners sets the timer, the second one marks the window.
    this.opossum.removeAllListeners("open");
    this.opossum.on("open", () => this.opossum.status.open());
  }

  /** Lets go of what has left the window. */
  moveOn(nowMs: number): void {
    if (nowMs < this.#bucketUntilMs) return;
    const passed = Math.floor((nowMs - this.#bucketUntilMs) / this.#bucketMs) + 1;
    for (let bucket = 0; bucket < Math.min(passed, buckets); bucket++) this.#rotate.emit("rotate");
    this.#bucketUntilMs += passed * this.#bucketMs;
  }

  /** Takes back that a call was made: what came of it says nothing. The window is a copy, its buckets are not. */
  forgetCall(): void {
    this.opossum.status.window[0]!.fires--;
  }

  /** Closes it, and forgets all calls. */
  reset(): void {
    for (let bucket = 0; bucket < buckets; bucket++) this.#rotate.emit("rotate");
    this.opossum.close();
  }
}
