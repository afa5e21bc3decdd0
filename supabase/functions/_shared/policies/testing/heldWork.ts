import type { Call } from "../policy.ts";

/** Work that ends when it is told to, and notes what became of its calls. */
export class HeldWork {
  readonly calls: { end(value?: string): void; fail(error: unknown): void; readonly signal: AbortSignal }[] = [];
  /** Runs that have begun and not ended. */
  running = 0;

  /** To be handed to a policy. Heeds the signal, as good work does. */
  readonly run = (call: Call): Promise<string> =>
    new Promise((resolve, reject) => {
      const { signal } = call;
      this.running++;
      let isOver = false;
      const over = (settle: () => void) => () => {
        if (isOver) return;
        isOver = true;
        this.running--;
        settle();
      };
      signal.addEventListener("abort", over(() => reject(signal.reason)), { once: true });
      this.calls.push({
        signal,
        end: (value = "done") => over(() => resolve(value))(),
        fail: (error) => over(() => reject(error))(),
      });
    });
}
