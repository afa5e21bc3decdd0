import type { KernelEvent } from "./kernelEvent.ts";

/**
 * Whoever looks on at what the kernel does. An observer can break nothing: what it throws is dropped by those who tell it.
 * Names of operations and counters are dotted and few: they name code, never a tenant, a row or a request.
 */
export interface KernelObserver {
  /** A call has ended. Operations: `db.insert`, `heal`, `circuit.<name>`, `cache.<name>`, `http.POST`, ... */
  called(operation: string, durationMs: number, hasFailed: boolean, shape?: () => string): void;
  /** Something was counted, such as `cache.flags.hit`. */
  counted(counter: string, by?: number): void;
  /** Something happened that somebody may ask for later. */
  happened(event: KernelEvent): void;
}
