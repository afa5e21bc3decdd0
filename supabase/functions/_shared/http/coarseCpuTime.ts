import type { Platform } from "../platform/platform.ts";

/** So little is lost of a budget of 1,500 ms that nobody misses it. */
const maxAgeMs = 20;

/**
 * CPU time that the isolate had used lately: up to 20 ms ago, so that a request that counts from it is charged rather too
 * much than too little. Asking the runtime takes 20 us.
 */
export class CoarseCpuTime {
  readonly #platform: Pick<Platform, "cpuTimeMs">;
  #readAt = -Infinity;
  #cpuTimeMs: number | undefined;

  constructor(platform: Pick<Platform, "cpuTimeMs">) {
    this.#platform = platform;
  }

  /** What had been used at `now`, in the terms of the clock; undefined where the runtime does not tell. */
  read(now: number): number | undefined {
    if (now - this.#readAt >= maxAgeMs) {
      this.#cpuTimeMs = this.#platform.cpuTimeMs();
      this.#readAt = now;
    }
    return this.#cpuTimeMs;
  }
}
