import type { KernelObserver } from "../telemetry/kernelObserver.ts";

/** What use cases measure with. */
export interface Stopwatch {
  /** Runs `work` and records how long it took, and whether it failed. Operations are dotted, few, and name code. */
  time<Result>(operation: string, work: () => Result | Promise<Result>): Promise<Result>;
  /** Counts something. @param by 1 unless given; what is not a number above 0 is left out */
  count(counter: string, by?: number): void;
}

/** What is read of an answer. */
export type Answer = Pick<Response, "status" | "headers">;

/** What an isolate measures itself with. Never throws, never waits: what is recorded is written behind somebody's answer. */
export interface Monitor extends Stopwatch, KernelObserver {
  /** Records a call that has ended. A duration that is none is left out and counted as `monitor.refused`. */
  record(operation: string, durationMs: number, hasFailed?: boolean): void;
  /** A request has come: gives when, for {@link answered}. */
  arrived(): number;
  /** It has been answered: records it, and writes behind the answer if a write is due. */
  answered(functionName: string, method: string, arrivedAt: number, response: Answer): void;
  /** Writes all that was recorded. False where it has not arrived: it is then kept and tried again. */
  flush(): Promise<boolean>;
}

/** Measures nothing. */
export const silentMonitor: Monitor = {
  time: async (_operation, work) => await work(),
  count: () => {},
  called: () => {},
  counted: () => {},
  happened: () => {},
  record: () => {},
  arrived: () => 0,
  answered: () => {},
  flush: () => Promise.resolve(true),
};
