import type { KernelEvent } from "../../supabase/functions/_shared/telemetry/kernelEvent.ts";
import type { KernelObserver } from "../../supabase/functions/_shared/telemetry/kernelObserver.ts";

/** An observer that keeps what it is told. */
export class RecordingObserver implements KernelObserver {
  readonly calls: { operation: string; durationMs: number; hasFailed: boolean; shape?: string }[] = [];
  readonly counts = new Map<string, number>();
  readonly events: KernelEvent[] = [];

  called(operation: string, durationMs: number, hasFailed: boolean, shape?: () => string): void {
    this.calls.push({ operation, durationMs, hasFailed, ...(shape === undefined ? {} : { shape: shape() }) });
  }

  counted(counter: string, by = 1): void {
    this.counts.set(counter, (this.counts.get(counter) ?? 0) + by);
  }

  happened(event: KernelEvent): void {
    this.events.push(event);
  }
}
