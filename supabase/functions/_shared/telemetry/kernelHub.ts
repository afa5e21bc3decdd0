import type { KernelEvent } from "./kernelEvent.ts";
import type { KernelObserver } from "./kernelObserver.ts";

/** Tells any number of observers, of which none can hurt another or whoever tells. */
export class KernelHub implements KernelObserver {
  /** Replaced, never changed: whoever is being told may leave meanwhile. */
  #observers: readonly KernelObserver[] = [];

  /** Does anybody look on? Whoever tells asks first, and makes no event and no shape for nobody. */
  get isWatched(): boolean {
    return this.#observers.length > 0;
  }

  /** Tells `observer` from now on, until the returned function is called. */
  watch(observer: KernelObserver): () => void {
    this.#observers = [...this.#observers, observer];
    return () => void (this.#observers = this.#observers.filter((other) => other !== observer));
  }

  called(operation: string, durationMs: number, hasFailed: boolean, shape?: () => string): void {
    for (const observer of this.#observers) {
      try {
        observer.called(operation, durationMs, hasFailed, shape);
      } catch {
        // Whoever looks on cannot break what is looked at.
      }
    }
  }

  counted(counter: string, by = 1): void {
    for (const observer of this.#observers) {
      try {
        observer.counted(counter, by);
      } catch {
        // As above.
      }
    }
  }

  happened(event: KernelEvent): void {
    for (const observer of this.#observers) {
      try {
        observer.happened(event);
      } catch {
        // As above.
      }
    }
  }
}

/** Where the kernel of this isolate tells what it does, unless it is given another observer. Nobody listens at first. */
export const isolateHub: KernelHub = new KernelHub();

/** The hub to tell where a component was given `observer`: what that throws is dropped like all else. */
export function hubOf(observer: KernelObserver = isolateHub): KernelHub {
  if (observer instanceof KernelHub) return observer;
  const hub = new KernelHub();
  hub.watch(observer);
  return hub;
}
