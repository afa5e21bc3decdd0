import type { TelemetryFrame } from "./telemetryFrame.ts";

/** Who sends: an isolate's monitor. */
export interface TelemetrySender {
  readonly isolate: string;
  /** Of one monitor for its life: what it numbers is told apart from what others number. */
  readonly writer: string;
}

/** Where telemetry is kept. */
export interface TelemetryStore {
  /** Takes the frames that it has not taken before, all or none of them. */
  record(sender: TelemetrySender, frames: readonly TelemetryFrame[], signal: AbortSignal): Promise<void>;
}
