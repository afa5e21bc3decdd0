/** What the hosted runtime puts on `globalThis.EdgeRuntime`, as far as functions use it. */
export interface EdgeRuntime {
  waitUntil<T>(work: Promise<T>): Promise<T>;
}

/** Background work of an isolate, and its end. */
export interface BackgroundWork {
  readonly edgeRuntime: EdgeRuntime;
  /** How many promises are still pending. */
  readonly pending: number;
  /** Resolves once nothing is pending, work added meanwhile included. */
  settled(): Promise<void>;
}

/** Keeps what functions hand to `EdgeRuntime.waitUntil` until it settles; a rejection goes to `onError`. */
export function trackBackgroundWork(onError: (error: unknown) => void): BackgroundWork {
  const pending = new Set<Promise<unknown>>();
  return {
    edgeRuntime: {
      waitUntil(work) {
        const guarded: Promise<unknown> = Promise.resolve(work).catch(onError).finally(() => pending.delete(guarded));
        pending.add(guarded);
        return work;
      },
    },
    get pending() {
      return pending.size;
    },
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
