/** One operation of one function within a frame. */
export interface FrameSeries {
  readonly fn: string;
  readonly op: string;
  readonly n: number;
  readonly failed: number;
  readonly sum: number;
  readonly squares: number;
  readonly min: number;
  readonly max: number;
  readonly keys: readonly number[];
  readonly counts: readonly number[];
}

/** An event within a frame, or as many of the same as `n` says. */
export interface FrameEvent {
  readonly at: number;
  readonly fn: string;
  readonly request?: string;
  readonly kind: string;
  readonly subject: string;
  readonly ref?: string;
  readonly cause?: string;
  readonly cost?: number;
  readonly n: number;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

/** A call within a frame that took long. */
export interface FrameSlowCall {
  readonly at: number;
  readonly fn: string;
  readonly request?: string;
  readonly op: string;
  readonly ms: number;
  readonly failed: boolean;
  readonly shape?: string;
}

/** What an isolate measured, counted and met within one minute, as `resilience.record_telemetry` takes it. */
export interface TelemetryFrame {
  /** Ascending: a frame that is sent again has the number it had. */
  readonly sequence: number;
  readonly startsAt: number;
  readonly trials: readonly string[];
  readonly series: readonly FrameSeries[];
  readonly counters: Readonly<Record<string, number>>;
  readonly events: readonly FrameEvent[];
  readonly slow: readonly FrameSlowCall[];
}
